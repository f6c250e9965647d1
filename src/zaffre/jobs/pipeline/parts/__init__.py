"""Pure pieces of pipelines."""
