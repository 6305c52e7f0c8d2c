"""The worker: waits at a server for jobs, and runs each in a process of its own."""
