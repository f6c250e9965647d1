"""Pure pieces of the command job."""
