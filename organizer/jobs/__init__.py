"""Work that must happen: rows with a due time, and the knock that wakes whoever does it."""
