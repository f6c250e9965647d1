"""The ``zaffre`` command: az ml's groups, verbs and flags, derived from the registry of kinds."""
