"""Jobs of jobs beyond the engine: what their children are called, how they stand, what they would do, going on with them."""
