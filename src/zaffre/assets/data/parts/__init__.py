"""Pure pieces of data assets."""
