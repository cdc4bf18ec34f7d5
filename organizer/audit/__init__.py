"""Who did what, and when: ids and codes only."""
