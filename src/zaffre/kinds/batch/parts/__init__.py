"""Pure pieces of batch endpoints and deployments."""
