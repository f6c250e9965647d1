"""Job types: one folder each, a specification and a plan."""
