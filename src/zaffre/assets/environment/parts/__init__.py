"""Pure pieces of environments."""
