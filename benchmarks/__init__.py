"""monorelease beside its peers, on the same generated repositories."""
