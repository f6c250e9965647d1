"""The scoring data plane: a router that answers endpoints from a snapshot, whether the server lives or not."""
