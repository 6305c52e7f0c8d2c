project = "core 1.0.0"
release = "1.0.1"
