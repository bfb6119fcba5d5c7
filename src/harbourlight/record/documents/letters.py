"""Letters: what each begins with, and one written made into a document of the child's record.

A letter begins from the child's name and the day, and from nothing else that is held: who it goes
to and where is typed by who sends it, so that no address comes from the record into an envelope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.documents.printing import printed, render_pdf
from harbourlight.record.documents.actions import File, add_documents
from harbourlight.record.documents.models import Document
from harbourlight.record.people.models import Person


@dataclass(frozen=True)
class Letter:
    """A kind of letter: what it is called, and the words it begins with."""

    code: str
    title: str
    words: str
    """`{child}` stands for the child's name."""


LETTERS: Mapping[str, Letter] = {
    letter.code: letter
    for letter in (
        Letter(
            "feedback",
            gettext_noop("Feedback to the person who made the referral"),
            "Thank you for telling us of your concern about {child}.\n\n"
            "We have looked at what you told us with what we already knew. We have decided to\n\n"
            "We decided this because\n\n"
            "If you are more worried, or learn more, please tell us again.",
        ),
        Letter(
            "closure",
            gettext_noop("Notice that we have ended our work"),
            "We have finished our work with {child} and the family, and have closed the case.\n\n"
            "What went well:\n\n"
            "Who can help from now on:\n\n"
            "You can ask for help again at any time. You can also ask to see what we hold, or "
            "complain; we can tell you how.",
        ),
        Letter("plain", gettext_noop("Another letter"), ""),
    )
}


def begin(letter: Letter, child: Person) -> str:
    """The words a letter about a child begins with."""
    return letter.words.replace("{child}", child.name)


def write(
    letter: Letter,
    *,
    child: Person,
    to: str,
    words: str,
    by: User,
    at: datetime,
    request: HttpRequest,
) -> Document:
    """Make a letter into PDF and put it on the child's record.

    Raises `CannotPrint` on a machine that makes no PDF, and then nothing is kept.
    """
    on: date = localdate(at)
    content = render_pdf(
        "documents/letter-printed.html",
        {"to": to, "words": words, "on": on, "by": by, "title": letter.title},
        on_each_page=printed(_("About {name}").format(name=child.name), by=by, at=at),
        request=request,
    )
    [document] = add_documents(
        by=by,
        at=at,
        children=[child],
        files=[File(f"{letter.title}.pdf", content)],
        kind=Document.Kind.LETTER,
        received_on=on,
        title=letter.title,
        from_whom=by.full_name,
    )
    return document
