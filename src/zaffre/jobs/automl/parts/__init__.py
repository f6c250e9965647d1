"""Pure pieces of AutoML jobs."""
