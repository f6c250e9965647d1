"""The client: azure.ai.ml's names on Zaffre's REST, light enough to import in a command line."""
