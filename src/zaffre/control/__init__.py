"""The engine: claims work, observes, decides, acts outside any transaction, applies under a lease."""
