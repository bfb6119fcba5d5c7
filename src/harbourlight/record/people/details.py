"""The kinds of fact recorded about a person, each declared once.

A kind says which model it is, what is asked, how a row is said, and who may be shown it. Its list,
adding, correcting, ending, striking out, its history and its addresses are all made from that, so
a new kind is a model and one declaration here, and no view, template or address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harbourlight.foundation.accounts.models import User
from harbourlight.record.confidentiality.policy import known
from harbourlight.record.people import addresses, identifiers, relations
from harbourlight.record.people.models import (
    Address,
    ContactDetail,
    Disability,
    Identifier,
    NetworkMember,
    Person,
    PersonFact,
    PersonLanguage,
    PersonName,
    PersonWarning,
    Relationship,
)
from harbourlight.standards import code_sets
from harbourlight.ui import forms
from harbourlight.ui.formats import date_in_words

Words = str | Promise


@dataclass(frozen=True)
class Said:
    """A fact in words: what it is, what it says, more lines, and what is wrong with it."""

    title: str
    value: str
    lines: tuple[str, ...] = ()
    problem: str = ""
    is_hidden: bool = False
    """Whether it is kept from whoever asked: nothing that would give it away is said."""


@dataclass(frozen=True)
class DetailKind:
    """One kind of fact about a person.

    `prepared` is given every column and gives back those that are kept otherwise than they were
    typed. `say` puts a row in words for somebody on a day. `hides` says that a row is kept from
    somebody, who may then neither read nor change it.
    """

    code: str
    model: type[PersonFact]
    title: Words
    one: Words
    """As it is read after "a" or "this": small letters, singular."""
    empty: Words
    fields: type["DatedFields"]
    say: Callable[[Any, User, date], Said]
    prepared: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda given: {}
    hides: Callable[[User, Any], bool] = lambda user, fact: False
    names_person: bool = False
    """Whether the name shown is worked out from it."""
    may_replace: bool = False
    """Whether a new one is asked which of those held it replaces."""
    may_be_shared: bool = False
    """Whether it may be recorded for others of the family in one go."""
    also_about: str = ""
    """The column of a second person whom it is as much about."""
    page: str = "people:details"
    """The page that lists it."""
    added_at: str = ""
    """The page that adds it, where that is one of its own."""

    def of(self, user: User, person: Person) -> QuerySet[Any]:
        """Every row about a person that somebody may know of, struck out or not.

        A row about two people is not there for whoever may not know of either.
        """
        rows = self.model._default_manager.all()
        if not self.also_about:
            return rows.filter(person=person)
        rows = rows.filter(Q(person=person) | Q(**{self.also_about: person}))
        rows = rows.select_related("person", self.also_about)
        return known(user, known(user, rows, "person_id"), f"{self.also_about}_id")

    def people_of(self, fact: Any) -> tuple[str, ...]:
        """The identifiers of those it is about."""
        ways = ("person", self.also_about) if self.also_about else ("person",)
        return tuple(getattr(fact, f"{way}_id") for way in ways)

    def add_address(self, person_id: str) -> str:
        """Where one is added to a person."""
        if self.added_at:
            return reverse(self.added_at, args=[person_id])
        return reverse("people:add_detail", args=[person_id, self.code])

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are asked for, in order, the days last."""
        days = tuple(DatedFields.base_fields)
        return (*(name for name in self.fields.base_fields if name not in days), *days)


# ---- What is asked ------------------------------------------------------------------------------


class DatedFields(forms.GroupForm):
    """The days a fact holds between."""

    started_on = forms.DateField(label="From", hint="Leave it empty if not known.", required=False)
    ended_on = forms.DateField(
        label="Until", hint="Leave it empty if it still holds.", required=False
    )

    def clean(self) -> dict[str, Any]:
        """Nothing ends before it begins."""
        given = super().clean() or {}
        started, ended = given.get("started_on"), given.get("ended_on")
        if started and ended and ended < started:
            self.add_error("ended_on", _("Until must be on or after the day it is from"))
        return given


class NameFields(DatedFields):
    """A name."""

    kind = forms.RadiosField(label="Kind of name", choices=PersonName.Kind.choices)
    forename = forms.TextField(
        label="First name", max_length=100, width="20", required=False, autocomplete="off"
    )
    surname = forms.TextField(
        label="Surname", max_length=255, width="20", required=False, autocomplete="off"
    )
    started_on = forms.DateField(
        label="From", hint="Leave it empty if not known.", past=True, required=False
    )

    def clean(self) -> dict[str, Any]:
        """A first name or a surname."""
        given = super().clean()
        if not (given.get("forename") or given.get("surname")):
            self.add_error("forename", _("Enter a first name or a surname"))
        return given


class IdentifierFields(DatedFields):
    """An identifier."""

    kind = forms.SelectField(
        label="Kind of identifier",
        choices=lambda: [(one.code, str(one.label)) for one in identifiers.KINDS],
    )
    value = forms.TextField(
        label="Identifier",
        hint="As it was given. If it does not pass its own check it is kept all the same, and you "
        "are told.",
        max_length=100,
        width="20",
        spellcheck=False,
        autocomplete="off",
    )


class AddressFields(DatedFields):
    """An address."""

    kind = forms.RadiosField(label="What the address is", choices=Address.Kind.choices)
    lines = forms.TextAreaField(label="Address", hint="A line for each part.", rows=4)
    postcode = forms.TextField(
        label="Postcode", max_length=15, width="10", required=False, autocomplete="off"
    )
    is_confidential = forms.CheckboxField(
        label="Keep this address confidential",
        hint="It is shown to nobody but those who visit and their managers, and on no list, "
        "document or extract.",
        required=False,
    )

    def clean_postcode(self) -> str:
        """A whole postcode, or nothing; written in the one way."""
        written = addresses.postcode_written(self.cleaned_data.get("postcode") or "")
        if written and not addresses.is_postcode(written):
            self.add_error("postcode", _("Enter a whole postcode, like NE1 4XX, or leave it empty"))
        return written


class ContactFields(DatedFields):
    """A way to reach a person."""

    kind = forms.RadiosField(label="Kind", choices=ContactDetail.Kind.choices)
    value = forms.TextField(
        label="Number or address", max_length=254, width="20", spellcheck=False, autocomplete="off"
    )
    is_preferred = forms.CheckboxField(label="They prefer this one", required=False)
    is_safe = forms.RadiosField(
        label="Is it safe to use?",
        noun="whether it is safe to use",
        choices=ContactDetail.Safe.choices,
        initial=ContactDetail.Safe.NOT_KNOWN,
    )
    when_not = forms.TextAreaField(
        label="When not to use it",
        hint="Such as when somebody else may answer or read it.",
        rows=2,
        required=False,
    )


class LanguageFields(DatedFields):
    """A language."""

    language = forms.TextField(
        label="Language",
        hint="Spoken or signed, such as Polish or British Sign Language.",
        max_length=100,
        width="20",
    )
    is_preferred = forms.CheckboxField(label="They prefer this one", required=False)
    needs_interpreter = forms.YesNoField(
        label="Do they need an interpreter?", noun="needing an interpreter", required=False
    )
    note = forms.TextAreaField(label="More about it", rows=2, required=False)


def _disabilities() -> tuple[tuple[str, str], ...]:
    return code_sets.choices("disability", localdate())


class DisabilityFields(DatedFields):
    """A disability."""

    code = forms.SelectField(label="Disability", choices=_disabilities)
    note = forms.TextAreaField(
        label="What it means for them",
        hint="In their own words if you can.",
        rows=3,
        required=False,
    )


class WarningFields(DatedFields):
    """A warning."""

    kind = forms.RadiosField(label="Kind of warning", choices=PersonWarning.Kind.choices)
    words = forms.TextAreaField(
        label="What must be known", hint="What has happened, and what to do about it.", rows=4
    )
    about = forms.TextField(
        label="Who or what it is about",
        hint="Such as a visitor to the home, or a dog.",
        max_length=200,
        required=False,
    )
    review_on = forms.DateField(
        label="Look at it again on", hint="A warning nobody looks at again misleads."
    )


class NetworkFields(DatedFields):
    """Somebody who knows the person in their work."""

    kind = forms.SelectField(label="What they are", choices=NetworkMember.Kind.choices)
    organisation = forms.TextField(
        label="School, practice or organisation", max_length=200, width="20", required=False
    )
    name = forms.TextField(
        label="Who to speak to", max_length=200, width="20", required=False, autocomplete="off"
    )
    telephone = forms.TextField(
        label="Telephone", max_length=40, width="20", required=False, autocomplete="off"
    )
    email = forms.TextField(
        label="Email", max_length=254, width="20", required=False, autocomplete="off"
    )

    def clean(self) -> dict[str, Any]:
        """An organisation or a person."""
        given = super().clean()
        if not (given.get("organisation") or given.get("name")):
            self.add_error("organisation", _("Enter the organisation, or who to speak to"))
        return given


class RelationshipFields(DatedFields):
    """How two people are related, once it is known who they are."""

    kind = forms.SelectField(
        label="How they are related",
        choices=lambda: [
            (one.code, f"{one.person.anybody} – {one.other.anybody}")
            if not one.is_same_both_ways
            else (one.code, str(one.person.anybody))
            for one in relations.KINDS
        ],
    )
    parental_responsibility = forms.RadiosField(
        label="Does the first have parental responsibility for the second?",
        noun="whether there is parental responsibility",
        choices=Relationship.Responsibility.choices,
        reveals={Relationship.Responsibility.YES: ["responsibility_by"]},
        required=False,
    )
    responsibility_by = forms.SelectField(
        label="How it came about",
        choices=Relationship.AcquiredBy.choices,
        blank="Not recorded",
        required=False,
    )
    note = forms.TextAreaField(label="More about it", rows=3, required=False)


# ---- How each is said ---------------------------------------------------------------------------


def _lines(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _name(fact: PersonName, user: User, on: date) -> Said:
    return Said(fact.get_kind_display(), fact.full)


def _identifier(fact: Identifier, user: User, on: date) -> Said:
    kind = identifiers.BY_CODE.get(fact.kind)
    if kind is None:
        return Said(fact.kind, fact.value)
    problem = str(identifiers.problem_of(fact.kind, fact.value))
    value = fact.value
    if kind.code == "nhs_number" and not problem:
        value = f"{value[:3]} {value[3:6]} {value[6:]}"
    return Said(
        str(kind.label),
        value,
        (_("Issued by: %(issuer)s") % {"issuer": kind.issuer},),
        _("As it was given, it does not check. %(problem)s") % {"problem": problem}
        if problem
        else "",
    )


def _address(fact: Address, user: User, on: date) -> Said:
    lines = addresses.lines_for(user, fact)
    kind = fact.get_kind_display()
    if lines is None:
        return Said(
            kind, _("Kept confidential"), (_("Ask the team that holds the case."),), is_hidden=True
        )
    keep = _("Confidential: do not pass it on.") if fact.is_confidential else ""
    return Said(kind, "\n".join(lines), _lines(keep))


def _contact(fact: ContactDetail, user: User, on: date) -> Said:
    safe = {
        ContactDetail.Safe.YES: _("Safe to use."),
        ContactDetail.Safe.NOT_KNOWN: _("Not known to be safe: ask first."),
    }.get(ContactDetail.Safe(fact.is_safe), "")
    unsafe = _("Do not use it: it is not safe.") if fact.is_safe == ContactDetail.Safe.NO else ""
    preferred = _("They prefer this one.") if fact.is_preferred else ""
    return Said(fact.get_kind_display(), fact.value, _lines(preferred, safe, fact.when_not), unsafe)


def _language(fact: PersonLanguage, user: User, on: date) -> Said:
    needs = {True: _("Needs an interpreter."), False: _("Needs no interpreter.")}
    return Said(
        _("Preferred language") if fact.is_preferred else _("Language"),
        fact.language,
        _lines(
            needs[fact.needs_interpreter] if fact.needs_interpreter is not None else "", fact.note
        ),
    )


def _disability(fact: Disability, user: User, on: date) -> Said:
    return Said(_("Disability"), code_sets.label("disability", fact.code, on), _lines(fact.note))


def _warning(fact: PersonWarning, user: User, on: date) -> Said:
    about = _("About: %(about)s") % {"about": fact.about} if fact.about else ""
    review = problem = ""
    if fact.is_overdue_on(on) and fact.review_on:
        problem = _("It should have been looked at again by %(day)s.") % {
            "day": date_in_words(fact.review_on)
        }
    elif fact.review_on and fact.is_current_on(on):
        review = _("Look at it again on %(day)s.") % {"day": date_in_words(fact.review_on)}
    return Said(fact.get_kind_display(), fact.words, _lines(about, review), problem)


def _network(fact: NetworkMember, user: User, on: date) -> Said:
    return Said(
        fact.get_kind_display(),
        fact.organisation or fact.name,
        _lines(fact.name if fact.organisation else "", fact.telephone, fact.email),
    )


def _relationship(fact: Relationship, user: User, on: date) -> Said:
    kind = relations.BY_CODE.get(fact.kind)
    if kind is None:
        return Said(fact.kind, "")
    person, other = fact.person, fact.other
    if kind.is_same_both_ways:
        value = _("%(one)s and %(other)s") % {"one": person.name, "other": other.name}
        title = str(kind.person.anybody)
    else:
        value = _("%(one)s, of %(other)s") % {"one": person.name, "other": other.name}
        title = str(kind.person.of(person.sex))
    problem = ""
    if kind.generations and person.born_on and other.born_on and person.born_on >= other.born_on:
        problem = _("%(one)s is the younger: check which way round it is.") % {"one": person.name}
    return Said(title, value, _lines(responsibility_in_words(fact), fact.note), problem)


def responsibility_in_words(fact: Relationship) -> str:
    """Whether there is parental responsibility, and how it came about; empty if nobody said."""
    if not fact.parental_responsibility:
        return ""
    said = {
        Relationship.Responsibility.YES: _("Has parental responsibility"),
        Relationship.Responsibility.NO: _("Has no parental responsibility"),
        Relationship.Responsibility.NOT_KNOWN: _("Not known to have parental responsibility"),
    }[Relationship.Responsibility(fact.parental_responsibility)]
    how = fact.get_responsibility_by_display() if fact.responsibility_by else ""
    return f"{said}: {how}" if how else said


# ---- The kinds ----------------------------------------------------------------------------------

KINDS: tuple[DetailKind, ...] = (
    DetailKind(
        "warnings",
        PersonWarning,
        gettext_lazy("Warnings"),
        gettext_lazy("warning"),
        gettext_lazy("No warning is recorded."),
        WarningFields,
        _warning,
        may_be_shared=True,
    ),
    DetailKind(
        "names",
        PersonName,
        gettext_lazy("Names"),
        gettext_lazy("name"),
        gettext_lazy("No name is recorded."),
        NameFields,
        _name,
        names_person=True,
        may_replace=True,
    ),
    DetailKind(
        "addresses",
        Address,
        gettext_lazy("Addresses"),
        gettext_lazy("address"),
        gettext_lazy("No address is recorded."),
        AddressFields,
        _address,
        prepared=lambda given: {"postcode": addresses.postcode_written(given["postcode"])},
        hides=lambda user, fact: not addresses.may_see(user, fact),
        may_replace=True,
        may_be_shared=True,
    ),
    DetailKind(
        "contact-details",
        ContactDetail,
        gettext_lazy("Telephone and email"),
        gettext_lazy("telephone number or email"),
        gettext_lazy("No telephone number or email is recorded."),
        ContactFields,
        _contact,
        may_replace=True,
        may_be_shared=True,
    ),
    DetailKind(
        "languages",
        PersonLanguage,
        gettext_lazy("Languages"),
        gettext_lazy("language"),
        gettext_lazy("No language is recorded, nor whether an interpreter is needed."),
        LanguageFields,
        _language,
        may_be_shared=True,
    ),
    DetailKind(
        "disabilities",
        Disability,
        gettext_lazy("Disabilities"),
        gettext_lazy("disability"),
        gettext_lazy("Nothing is recorded about disability, not even that there is none."),
        DisabilityFields,
        _disability,
    ),
    DetailKind(
        "identifiers",
        Identifier,
        gettext_lazy("Identifiers"),
        gettext_lazy("identifier"),
        gettext_lazy("No identifier of another system is recorded."),
        IdentifierFields,
        _identifier,
        prepared=lambda given: {"value": identifiers.normalised(given["kind"], given["value"])},
        may_replace=True,
    ),
    DetailKind(
        "network",
        NetworkMember,
        gettext_lazy("Professionals who know them"),
        gettext_lazy("professional"),
        gettext_lazy("No school, GP or other professional is recorded."),
        NetworkFields,
        _network,
        may_replace=True,
        may_be_shared=True,
    ),
)

RELATIONSHIPS = DetailKind(
    "relationships",
    Relationship,
    gettext_lazy("Relationships"),
    gettext_lazy("relationship"),
    gettext_lazy("No relationship is recorded."),
    RelationshipFields,
    _relationship,
    also_about="other",
    page="people:family",
    added_at="people:relate",
)
"""About two people, and recorded from the family's page."""

BY_CODE = {kind.code: kind for kind in (*KINDS, RELATIONSHIPS)}
