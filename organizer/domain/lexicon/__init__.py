"""What people mean by free words: the data that says it (*.txt), and how one text is understood by it."""
