"""Pure pieces of the compute kind."""
