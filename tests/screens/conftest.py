"""A service with something on every page, and the walk through it, made once for each module."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.screens.walking import Walk


@pytest.fixture(scope="module")
def walk(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """Everybody and everything, with somebody signed in of each role; undone afterwards."""
    from django.db import transaction
    from django.test import override_settings

    from tests.record.confidentiality.classes import NOW
    from tests.screens.service import whole_service

    documents = tmp_path_factory.mktemp("documents")
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        override_settings(DOCUMENTS=documents, CENSUSES=documents / "censuses"),
    ):
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield Walk(*whole_service(), at=NOW.timestamp())
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
