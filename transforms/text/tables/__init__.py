"""Frozen number tables, each with the command that rebuilds it."""
