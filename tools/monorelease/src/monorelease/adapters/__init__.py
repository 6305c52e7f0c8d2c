"""Windows: each neighbour is known to exactly one room."""
