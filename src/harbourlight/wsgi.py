"""What a WSGI server runs: settings named, application made, and what is slow made ready."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harbourlight.settings")

application = get_wsgi_application()


def _make_ready() -> None:
    # After the application: the ledger is a model, and models need Django set up.
    from django.db import connections
    from django.urls import get_resolver

    from harbourlight.record.live_ledger.keeping import prepare

    prepare()
    _ = get_resolver().url_patterns  # every view is imported now, and not by the first visitor
    # The server may part into several processes after this: no two may hold one connection.
    connections.close_all()


_make_ready()
