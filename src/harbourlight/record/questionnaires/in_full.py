"""Questionnaires in a child's whole record on paper."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.instruments.answering import people_in
from harbourlight.record.documents.whole_record import Entry, Part
from harbourlight.record.people.models import Person
from harbourlight.record.questionnaires.models import Response
from harbourlight.record.questionnaires.presenters import parts_of
from harbourlight.record.questionnaires.selectors import names_of, visible_to
from harbourlight.ui.formats import date_in_words
from harbourlight.ui.words import in_language


def questionnaires_in_full(child: Person, user: User) -> Part:
    """What was answered about a child, the latest first, in the words it was asked in."""
    held = [*visible_to(user).filter(child=child).select_related("edition", "worker")]
    names = names_of(user, {who for one in held for who in people_in(one.instrument, one.answers)})
    return Part(_("Questionnaires"), tuple(_entry(one, names) for one in held))


def _entry(response: Response, names: Mapping[str, str]) -> Entry:
    state = in_language(response.state_in_words)
    when = [date_in_words(response.on), str(response.worker or ""), state]
    rows = [row for part in parts_of(response, names) for row in part.rows]
    said = tuple((row.label, row.words or row.because) for row in rows)
    return Entry(response.instrument.title, ", ".join(filter(None, when)), said)
