"""What proves that a plugin keeps the promises of its port, and what stands in for a provider."""
