"""Pure translation: what a definition says → what a resolver can be asked."""
