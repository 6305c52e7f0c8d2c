"""The roof: arguments in, exit status out."""
