"""Where tasks run: one folder a backend, none knowing another, all held to ``zaffre.testing.backend``."""
