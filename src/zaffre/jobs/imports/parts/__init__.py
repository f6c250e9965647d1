"""Pure pieces of import jobs."""
