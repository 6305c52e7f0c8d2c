"""Mirrors: values to text."""
