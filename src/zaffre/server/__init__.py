"""The composition root: the one place that knows every floor and puts them together."""
