"""What runs beside a user's command, on its own: standard library only, any Python from 3.7 on, talking by files.

The job's part is packed as one ``agent.pyz`` by the backend that uses it and never imported by the server. It outlives
the server: everything another process must know of a task lies in the task's run directory (``files``).
"""

PROTOCOL = 1
"""The form of ``task.json``; an agent refuses any other."""
