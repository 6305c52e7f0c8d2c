"""What Google is asked and what it answers, in its own words: pure, from values to values."""
