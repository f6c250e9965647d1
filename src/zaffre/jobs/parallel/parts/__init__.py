"""Pure pieces of the parallel job."""
