"""What each line of reading is called, and whether it was of a record or of a list that named many.

A test walks every address that shows a child, and fails on a line that is not named here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Page:
    """A kind of page, in words. A list names many; nobody chose whom it showed them."""

    words: str | Promise
    is_list: bool = False


PAGES: dict[str, Page] = {
    "child:page": Page(_("Overview")),
    "child:chronology": Page(_("Chronology")),
    "child:chronology-printed": Page(_("Chronology, printed")),
    "child:documents": Page(_("List of documents")),
    "child:summary-printed": Page(_("Summary, printed")),
    "child:record-printed": Page(_("The record, printed")),
    "child:details": Page(_("Details")),
    "child:family": Page(_("Family")),
    "child:standards": Page(_("Standards")),
    "child:correct": Page(_("Correcting what is held")),
    "child:known-then": Page(_("As known on another day")),
    "adult:page": Page(_("Overview")),
    "adult:details": Page(_("Details")),
    "adult:family": Page(_("Family")),
    "adult:correct": Page(_("Correcting what is held")),
    "adult:known-then": Page(_("As known on another day")),
    "people:family": Page(_("Named as family, on another's page"), is_list=True),
    "people:search": Page(_("Named in a search"), is_list=True),
    "people:duplicates": Page(_("Named among possible duplicates"), is_list=True),
    "people:compare": Page(_("Compared as a possible duplicate")),
    "people:mergers": Page(_("Named among mergers"), is_list=True),
    "people:merger": Page(_("A merger of two records")),
    "assessment:page": Page(_("Assessment")),
    "episode:page": Page(_("Episode")),
    "contact:page": Page(_("Contact")),
    "contact:decide": Page(_("Deciding a contact")),
    "contact:new": Page(_("Recording a contact"), is_list=True),
    "contact:queue": Page(_("Named in the queue of contacts"), is_list=True),
    "document:open": Page(_("Document")),
    "questionnaire:page": Page(_("Questionnaire")),
    "questionnaire:printed": Page(_("Questionnaire, printed")),
    "board:entries": Page(_("Named behind a measure"), is_list=True),
    "board:download": Page(_("Named in a download of entries"), is_list=True),
    "my_work:list": Page(_("Named in a list of work"), is_list=True),
    "team:list": Page(_("Named in a team's work"), is_list=True),
    "team:worker": Page(_("Named in a worker's work"), is_list=True),
    "census:list": Page(_("Named among findings of the census"), is_list=True),
    "census:download": Page(_("Named in a download of findings of the census"), is_list=True),
    "census:file": Page(_("In the whole census, taken as a file"), is_list=True),
    "confidentiality:outline": Page(_("Outline"), is_list=True),
    "confidentiality:open": Page(_("Asked for a reason to open"), is_list=True),
    "confidentiality:opening": Page(_("An opening of the record"), is_list=True),
    "confidentiality:openings": Page(_("Named among openings"), is_list=True),
    "confidentiality:restricted": Page(_("Named among restricted records"), is_list=True),
    "confidentiality:who-may-know": Page(_("Who may know of the record")),
    "confidentiality:restrict": Page(_("Restricting the record")),
    "confidentiality:lift": Page(_("Lifting a restriction")),
    "confidentiality:grant": Page(_("Saying who may know of it")),
    "confidentiality:end-grant": Page(_("Ending that somebody may know")),
    "looking:who": Page(_("Who has looked")),
    "looking:who-printed": Page(_("Who has looked, printed")),
    "looking:openings": Page(_("Openings of the record")),
    "looking:unusual": Page(_("Named among unusual access"), is_list=True),
    "looking:access": Page(_("Unusual access"), is_list=True),
}
"""By the name of the line."""

LISTS = frozenset(name for name, page in PAGES.items() if page.is_list)


def page_in_words(name: str) -> str:
    """What a reading was of; of a page that is gone, its old name."""
    page = PAGES.get(name)
    return str(page.words) if page else name
