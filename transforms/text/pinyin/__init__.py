"""Pinyin that hacked mirrors put behind characters."""
