"""What `plugins.py` runs, each in the environment of its framework."""
