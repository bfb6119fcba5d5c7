"""What runs underneath: the embedded PostgreSQL, the processes, the served assets.

This room knows nothing of children, standards or Django. It imports nothing of ours but itself.
"""
