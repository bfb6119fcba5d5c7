"""Every relation to a person that merging two knows, and what becomes of each.

A merger walks Django's models. On a relation that is not named here, a key to a person, a list or a
JSON value that could hold one's identifier, or a bare column named for one, it refuses and names
it: better no merger than one that leaves half a child behind. A test walks the same models, so a
new one fails before it is met. It must not guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pghistory.models
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harbourlight.foundation.actions import Refused
from harbourlight.record.people.models import Person


@dataclass(frozen=True)
class Moves:
    """Rows go to the person who is kept; one that would break a constraint stays where it is."""

    rows: Promise
    """What such rows are called where they are counted."""


@dataclass(frozen=True)
class Stays:
    """Rows are left as they are."""

    because: str


Treatment = Moves | Stays

_HISTORY = Stays("history says whom it was about at the time")
_NOBODY = Stays("it holds nobody's identifier")
_MATCHING = Stays("it is what was decided about these two")
_DERIVED = Stays("it is computed again by the same act")
_MADE_AGAIN = Stays("it is made again each night, and shown of nobody who was retired until then")
_ADDRESS = Stays("the identifier retired still leads to the record kept")

KNOWN: dict[str, Treatment] = {
    "people.FamilyMember.person": Moves(_("Families")),
    "people.PersonName.person": Moves(_("Names")),
    "people.Identifier.person": Moves(_("Identifiers")),
    "people.Address.person": Moves(_("Addresses")),
    "people.ContactDetail.person": Moves(_("Contact details")),
    "people.PersonLanguage.person": Moves(_("Languages")),
    "people.Disability.person": Moves(_("Disabilities")),
    "people.PersonWarning.person": Moves(_("Warnings")),
    "people.NetworkMember.person": Moves(_("Professional network")),
    "people.Relationship.person": Moves(_("Relationships")),
    "people.Relationship.other": Moves(_("Relationships")),
    "episodes.Episode.child": Moves(_("Cases")),
    "episodes.Allocation.child": Moves(_("Workers allocated")),
    "front_door.ContactChild.child": Moves(_("Contacts")),
    "front_door.Decision.child": Moves(_("Decisions")),
    "assessment.Assessment.child": Moves(_("Assessments")),
    "protection.Enquiry.child": Moves(_("Enquiries")),
    "protection.Conference.child": Moves(_("Conferences")),
    "protection.ProtectionPlan.child": Moves(_("Protection plans")),
    "protection.Review.child": Moves(_("Reviews")),
    "plans.NeedPlan.child": Moves(_("Plans")),
    "chronology.Mark.child": Moves(_("Marks in the chronology")),
    "documents.Document.child": Moves(_("Documents")),
    "questionnaires.Response.child": Moves(_("Questionnaires")),
    # Whoever is one with somebody restricted is restricted, and known to the same people.
    "confidentiality.Restriction.person": Moves(_("Restrictions")),
    "confidentiality.Grant.person": Moves(_("People who may know")),
    "confidentiality.Opening.person": Moves(_("Openings with a reason")),
    "looking.UnusualAccess.person": _HISTORY,
    "looking.UnusualAccess.children": _HISTORY,
    "looking.UnusualAccess.lines": _NOBODY,
    "matching.Proposal.person": _MATCHING,
    "matching.Proposal.other": _MATCHING,
    "matching.Proposal.reasons": _MATCHING,
    "matching.Merger.person": _MATCHING,
    "matching.Merger.retired": _MATCHING,
    "matching.Merger.manifest": _MATCHING,
    "history.Event.children": _HISTORY,
    "history.Event.subjects": _HISTORY,
    "history.Correction.was": _HISTORY,
    "history.Correction.now": _HISTORY,
    "people.Person.name_sounds": _NOBODY,
    "assessment.Assessment.factors": _NOBODY,
    "assessment.Assessment.outcomes": _NOBODY,
    "episodes.Episode.outcomes": _NOBODY,
    "protection.Conference.outcomes": _NOBODY,
    "protection.Enquiry.outcomes": _NOBODY,
    "history.SealedTable.columns": _NOBODY,
    "history.SealedTable.rows": _HISTORY,
    "instruments.Edition.definition": _NOBODY,
    "instruments.Tally.not_asked": _NOBODY,
    "instruments.Tally.unanswered": _NOBODY,
    "questionnaires.Response.own": _NOBODY,
    "questionnaires.Response.reasons": _NOBODY,
    "questionnaires.Response.shared": _NOBODY,
    "drafts.Draft.typed": _ADDRESS,
    "notices.Notice.about": _ADDRESS,
    "live_ledger.Entry.child_id": _DERIVED,
    "census.CensusChild.child": _MADE_AGAIN,
    "census.CensusFinding.child": _MADE_AGAIN,
    "census.CensusFinding.beside": _MADE_AGAIN,
    "census.Census.totals": _NOBODY,
    "census.Census.last_year": _NOBODY,
    "census.Census.whole": _NOBODY,
    "census.Census.assumed": _NOBODY,
    "census.Census.left_out": _NOBODY,
    "census.Census.remarks": _NOBODY,
    "census.CheckedFile.totals": _NOBODY,
    "census.CheckedFile.last_year": _NOBODY,
    "census.CheckedFile.whole": _NOBODY,
    "census.CheckedFile.assumed": _NOBODY,
    "census.CheckedFile.left_out": _NOBODY,
    "census.CheckedFile.remarks": _NOBODY,
}
"""Each relation by `app.Model.field`."""


@dataclass(frozen=True)
class Relation:
    """One field of one model through which a row hangs on a person, or might."""

    model: type[models.Model]
    field: models.Field

    @property
    def name(self) -> str:
        """`app.Model.field`."""
        return f"{self.model._meta.app_label}.{self.model.__name__}.{self.field.name}"

    @property
    def is_key(self) -> bool:
        """Whether PostgreSQL knows it for a person."""
        return self.field.is_relation


def relations() -> Iterator[Relation]:
    """Every relation to a person there is among the models of this project.

    What history keeps of a row is left out: it is never changed, by rule.
    """
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.app_config or not model._meta.managed or _is_history(model):
            continue
        if not model.__module__.startswith("harbourlight."):
            continue
        for field in model._meta.concrete_fields:
            if _may_hold_a_person(field):
                yield Relation(model, field)


def _is_history(model: type[models.Model]) -> bool:
    return issubclass(model, pghistory.models.Event)


def _may_hold_a_person(field: models.Field) -> bool:
    if field.is_relation:
        return isinstance(field.related_model, type) and issubclass(field.related_model, Person)
    if isinstance(field, models.GeneratedField):
        return isinstance(field.output_field, ArrayField | models.JSONField)
    named = field.name.removesuffix("_id") in ("person", "child")
    return named or isinstance(field, ArrayField | models.JSONField)


def unknown() -> list[str]:
    """The relations nobody has said anything of."""
    return sorted(one.name for one in relations() if one.name not in KNOWN)


def moving() -> list[tuple[Relation, Moves]]:
    """The relations whose rows go to the person who is kept, and how."""
    told = ((one, KNOWN.get(one.name)) for one in relations())
    return [(one, how) for one, how in told if isinstance(how, Moves)]


def moved() -> list[Relation]:
    """The relations whose rows go to the person who is kept. Raises `Refused` on one unknown."""
    lacking = unknown()
    if lacking:
        raise Refused(
            _(
                "Nothing was changed: merging does not know what to do with %(relations)s. Tell "
                "whoever looks after the system."
            )
            % {"relations": ", ".join(lacking)}
        )
    return [one for one, _how in moving()]
