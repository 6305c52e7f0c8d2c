"""Coordinated releases for Python monorepos: fragments in, one reviewed release out."""
