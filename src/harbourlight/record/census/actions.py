"""Having the census made again, and giving files to be checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused, acting
from harbourlight.foundation.jobs import actions as jobs
from harbourlight.record.census import folder
from harbourlight.record.census.jobs import check_file, make
from harbourlight.record.census.models import CheckedFile
from harbourlight.record.census.selectors import making

KEPT_FOR = timedelta(days=30)
"""How long what was found in a file that was given is kept, unless it is removed before."""


def make_again(*, by: User, at: datetime) -> None:
    """Have the censuses of the day made now.

    Raises `Refused` where they are being made, or are waiting to be.
    """
    if (job := making(at).at_work) is not None:
        raise Refused(
            _("The census is being made already.")
            if job.status == "doing"
            else _("The census is waiting to be made already.")
        )
    jobs.do_now(make, by=by, at=at)


@dataclass(frozen=True)
class Given:
    """A file as it was given: its own name, and what is in it."""

    name: str
    size: int
    chunks: Iterable[bytes]


def give_file(
    given: Given, last: Given | None, *, year: int | None, by: User, at: datetime
) -> CheckedFile:
    """Keep a file that was given and have it checked, with last year's where that was given too.

    Raises `Refused` for a file that cannot be a census. Its name is kept for whoever gave it, and
    is said nowhere else.
    """
    names = [_kept(one) for one in (given, last) if one is not None]
    try:
        with acting("census-file:give", by=by, at=at) as act:
            held = CheckedFile.objects.create(
                by=by,
                given_at=at,
                removed_on=timezone.localdate(at + KEPT_FOR),
                name=given.name[:255],
                size=given.size,
                last_name=last.name[:255] if last else "",
                asked_year=year,
                file=names[0],
                last_file=names[1] if last else "",
            )
            held.job = check_file.later(file_id=held.pk)
            held.save(update_fields=["job"])
            act.on(census_file=held.pk)
    except BaseException:
        folder.forget(*names)
        raise
    return held


_BEGINS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")
"""How XML begins in the encodings it may be in; before it there may be white space."""


def _kept(given: Given) -> str:
    """Keep a file under a name of ours. Raises `Refused` where it is no XML."""
    chunks = iter(given.chunks)
    first = next(chunks, b"")
    if not first.lstrip().startswith(_BEGINS):
        raise Refused(
            _("The file is not XML, and so is no census. Nothing was kept of it."),
            field="census_file",
        )
    return folder.keep(_all(first, chunks))


def _all(first: bytes, rest: Iterable[bytes]) -> Iterable[bytes]:
    yield first
    yield from rest


def remove_file(held: CheckedFile, *, by: User, at: datetime) -> None:
    """Remove a file that was given, and all that was found in it, at once."""
    with acting("census-file:remove", by=by, at=at) as act:
        act.on(census_file=held.pk)
        names = held.file, held.last_file
        held.delete()
        transaction.on_commit(lambda: folder.forget(*names))
