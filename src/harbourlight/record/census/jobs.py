"""Making the census each night, checking the files that are given, and removing them."""

from datetime import timedelta

from django.utils import timezone

from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.census import checking, folder, making
from harbourlight.record.census.models import Census, CheckedFile

YOUNGEST = timedelta(days=1)
"""A file younger than this may be one that is being made."""


@job("Make the census as it would be submitted", every=nightly(2, 10))
def make(work: Work) -> None:
    """Builds the census of the year that ended in March and of the one running, and checks them.

    Each takes the place of the last when it is whole, and not before.
    """
    making.make(at=work.at, tell=work.tell)


@job("Check a census file of another system")
def check_file(work: Work, *, file_id: str) -> None:
    """Checks one file that was given. Nothing of it comes into the record."""
    given = CheckedFile.objects.filter(pk=file_id, state=CheckedFile.State.WAITING).first()
    if given is not None:
        checking.check_given(given, at=work.at, tell=work.tell)


@job("Remove census files that are no longer needed", every=nightly(3, 40))
def remove_old(work: Work) -> None:
    """Removes the files given to be checked, and what was found in them, when their time is over.

    So are files that nothing names any more, which a making cut short has left.
    """
    CheckedFile.objects.filter(removed_on__lte=timezone.localdate(work.at)).delete()
    named = {*Census.objects.values_list("file", flat=True)}
    for names in CheckedFile.objects.values_list("file", "last_file"):
        named.update(names)
    folder.forget_unnamed(named, before=work.at - YOUNGEST)
