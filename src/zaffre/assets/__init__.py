"""Kinds that jobs name and may hold inline: code, data, models, environments."""
