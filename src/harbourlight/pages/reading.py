"""Writing down whose names a page of ours showed: one line of history for each page."""

from collections.abc import Iterable
from datetime import datetime

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.history.models import record_reading
from harbourlight.pages.presenters.children import Child


def write_down(name: str, *, by: User, at: datetime, children: Iterable[Child]) -> None:
    """Write down that someone was shown these children, if there were any."""
    shown = {child.id for child in children}
    if shown:
        record_reading(name=name, by=by, at=at, children=shown)
