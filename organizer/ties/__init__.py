"""The book of ties: what has become of an acquaintance."""
