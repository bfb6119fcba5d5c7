"""Django's plugin for mypy, which loads the settings; they ask where the database is.

Types are checked without one, so it is told of a database that nobody will connect to. This must
not be imported by anything but mypy.
"""

import os

from mypy_django_plugin.main import plugin

os.environ.setdefault("DATABASE_URL", "postgresql:///not_started")
os.environ.setdefault("HARBOURLIGHT_SECRET_KEY", "unused while types are checked")

__all__ = ["plugin"]
