"""The scoring host: the process that holds a deployment's model and answers its requests over a Unix socket.

It runs under the user's own interpreter (Python 3.7 or newer) with the standard library alone, from an archive of this
folder: ``python score-<hash>.pyz host.json`` (``backends.local.archive`` packs it).
"""
