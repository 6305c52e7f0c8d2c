"""What OpenAI is asked and answers, in its own words: pure, from values to values."""
