"""The built-in registry, of the names ``azureml`` and ``zaffre``: what anyone can read, run and copy."""
