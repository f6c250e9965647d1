"""Pure pieces of online endpoints and deployments."""
