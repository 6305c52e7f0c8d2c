"""What Baseten's models are asked and what they answer: pure, from values to values."""
