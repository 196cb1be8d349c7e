"""Which pages are copies of which."""
