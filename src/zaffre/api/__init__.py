"""HTTP manners, once: who may ask, what is refused, how things are listed, streamed and told."""
