"""Pure pieces of the sweep job."""
