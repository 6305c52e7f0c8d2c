"""The tools that are compared: one room each, behind one port."""
