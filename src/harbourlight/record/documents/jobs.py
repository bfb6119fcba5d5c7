"""Looking after the files of documents."""

from datetime import timedelta

from django.conf import settings

from harbourlight.foundation.documents import keeping
from harbourlight.foundation.jobs import Work, job, nightly
from harbourlight.record.documents.selectors import checksums_named

YOUNGEST = timedelta(days=1)
"""A file younger than this may be one that somebody is saving."""


class DocumentsAltered(RuntimeError):
    """Files of documents are gone, or are not what was given. How many is all this says."""


@job("Remove files that no document names", every=nightly(3, 20))
def remove_unnamed(work: Work) -> None:
    """Removes files from saves that failed half way. A file that a document names is never one."""
    named = frozenset(checksums_named())
    keeping.forget(named, folder=settings.DOCUMENTS, before=work.at - YOUNGEST)


@job("Check every document's file against its checksum", every=nightly(4), attempts=1)
def check_files(work: Work) -> None:
    """Reads every file and compares it with what was given. Fails if any is gone or altered."""
    named = [*checksums_named()]
    altered = 0
    for done, checksum in enumerate(named, start=1):
        try:
            keeping.read(checksum, folder=settings.DOCUMENTS)
        except keeping.Altered:
            altered += 1
        work.tell(done, len(named))
    if altered:
        raise DocumentsAltered(altered)
