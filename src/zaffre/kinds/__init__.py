"""Kinds that a user names and a server keeps: one folder each."""
