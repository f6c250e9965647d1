"""Endpoints and deployments as they live: made true, moved, measured, told of."""
