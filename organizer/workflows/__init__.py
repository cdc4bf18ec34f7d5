"""Acts that cross features."""
