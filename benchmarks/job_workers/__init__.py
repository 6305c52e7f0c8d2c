"""The workers that are compared: the same agent, in the words of each framework."""
