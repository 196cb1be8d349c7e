"""Whether what is left is an article."""
