"""Pure pieces of jobs."""
