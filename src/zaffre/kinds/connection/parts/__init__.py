"""Pure pieces of connections."""
