"""Applications, admission, the waiting list and tickets."""
