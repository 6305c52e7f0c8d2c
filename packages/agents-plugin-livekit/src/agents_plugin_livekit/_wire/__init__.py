"""What the models read and a service is asked, and what either answers: pure."""
