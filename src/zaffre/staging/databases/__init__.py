"""Databases that imports read: one module for each that differs, all streams of rows with typed columns."""
