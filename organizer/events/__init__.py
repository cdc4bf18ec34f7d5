"""Events and the people they are for."""
