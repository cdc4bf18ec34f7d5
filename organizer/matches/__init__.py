"""After the evening: who talked with whom, who wants to meet again, and the matches."""
