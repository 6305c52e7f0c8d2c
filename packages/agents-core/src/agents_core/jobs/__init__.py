"""The job process: one job, one process, one way to end."""
