"""What a job's own Python finds of Zaffre: ``azureml://`` in fsspec, and the calls of the first Azure ML SDK.

It comes onto the path after the environment's own packages, so a real azureml package wins, and is imported only by
whoever asks for it. Standard library only (fsspec where files are opened through it), and nothing else of Zaffre: it runs
under the interpreters of users. On a user's machine the same modules serve the installed ``zaffre``.
"""
