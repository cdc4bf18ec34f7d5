"""Circles: communities that hold meetups again and again, and the people who run them."""
