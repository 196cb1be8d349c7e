"""Blocks of spam: their shape, their words, their places."""
