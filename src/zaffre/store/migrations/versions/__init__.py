"""The steps, one file each, named for what they bring."""
