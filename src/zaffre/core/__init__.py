"""The vocabulary every floor shares: pure, no input or output."""
