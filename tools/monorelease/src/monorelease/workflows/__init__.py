"""One verb a room; each reads like a recipe."""
