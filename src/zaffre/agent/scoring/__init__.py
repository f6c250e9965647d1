"""The scoring host: the process that holds a deployment's model and answers its requests over a Unix socket.

It runs under the user's own interpreter (Python 3.7 or newer) with the standard library alone, from the agent's
zipapp: ``python agent.pyz score host.json``. Imports inside this folder are relative, because the folder is called
``zaffre.agent.scoring`` in the source tree and may be called otherwise inside the zipapp.
"""
