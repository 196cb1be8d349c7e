"""Paragraphs, and what layout did to them."""
