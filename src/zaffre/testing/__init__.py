"""Contract suites for whoever writes a plug-in: subclass one in a test module, provide its fixture, run pytest."""
