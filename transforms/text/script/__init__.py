"""Traditional and simplified."""
