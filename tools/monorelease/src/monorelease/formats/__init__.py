"""Spelling: text to values and back, never a path to open."""
