"""People: who they are, what they say of themselves, and how they sign in."""
