"""What is asked to find a person, to add people, and to correct what is held of one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _

from harbourlight.foundation.correcting import CorrectionForm
from harbourlight.record.people.actions import NewPerson
from harbourlight.record.people.models import FamilyMember, Person
from harbourlight.record.people.search import Sought, understood
from harbourlight.standards import code_sets
from harbourlight.ui import forms

BORN, NOT_KNOWN, UNBORN = "born", "not_known", "unborn"
"""Whether a date of birth is known, not known, or still to come."""

Place = FamilyMember.Place

SEXES = ("F", "M", "U")


def _sexes() -> list[tuple[str, str]]:
    labels = dict(code_sets.choices("sex", localdate()))
    return [(code, labels[code]) for code in SEXES if code in labels]


def _ethnicities() -> tuple[tuple[str, str], ...]:
    return code_sets.choices("ethnicity", localdate())


def _reasons_upn_unknown() -> tuple[tuple[str, str], ...]:
    return code_sets.choices("upn_unknown", localdate())


class SearchForm(forms.FilterForm):
    """Whom one is looking for. It is posted all the same: a name must not be in an address."""

    name = forms.TextField(
        label="Name, and anything else you know",
        hint="Spelling need not be right. Add an age, a date of birth, part of a postcode or an "
        "identifier: “katie smiht M14”, “jones 7”, “smith 12/3/2015”.",
        max_length=200,
        width="20",
        required=False,
        spellcheck=False,
        autocomplete="off",
    )
    born_on = forms.DateField(
        label="Date of birth",
        hint="Or the date an unborn child is expected. For example, 27 3 2019",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        given = super().clean() or {}
        if not self.errors and not self.sought:
            self.add_error("name", _("Enter a name, an identifier or a date of birth"))
        return given

    @property
    def sought(self) -> Sought:
        """What was typed, as the search takes it."""
        return Sought(self.cleaned_data.get("name", ""), self.cleaned_data.get("born_on"))


class PersonForm(forms.GroupForm):
    """One person to add."""

    place = forms.RadiosField(label="Who they are", choices=Place.choices, inline=True)
    forename = forms.TextField(
        label="First name",
        hint="Leave it empty if it is not known.",
        max_length=100,
        width="20",
        required=False,
        autocomplete="off",
    )
    surname = forms.TextField(
        label="Surname", max_length=255, width="20", required=False, autocomplete="off"
    )
    birth = forms.RadiosField(
        label="Date of birth",
        choices=[(BORN, "Known"), (NOT_KNOWN, "Not known"), (UNBORN, "Not yet born")],
        reveals={BORN: ["born_on"], UNBORN: ["expected_on"]},
        initial=BORN,
    )
    born_on = forms.DateField(
        label="Date they were born",
        noun="date of birth",
        missing="Enter the date of birth, or say that it is not known",
        hint="For example, 27 3 2019",
        past=True,
    )
    expected_on = forms.DateField(
        label="Date the birth is expected",
        hint="For example, 27 3 2027",
        earliest=lambda: localdate() - timedelta(weeks=6),
        latest=lambda: localdate() + timedelta(weeks=42),
    )
    sex = forms.RadiosField(label="Sex", choices=_sexes, inline=True)
    ethnicity = forms.SelectField(
        label="Ethnicity", choices=_ethnicities, blank="Not recorded", required=False
    )

    def has_changed(self) -> bool:
        """Whether anything was typed of this person: what the page itself filled in is nothing."""
        return bool(set(self.changed_data) - {"place", "surname", "birth"})

    def clean(self) -> dict[str, Any]:
        """A name unless unborn, and only a child is unborn."""
        given = super().clean() or {}
        unborn = given.get("birth") == UNBORN
        if not unborn and not (given.get("forename") or given.get("surname")):
            self.add_error("forename", _("Enter a first name or a surname"))
        if unborn and given.get("place") not in (Place.CHILD, None):
            self.add_error("birth", _("Only a child can be not yet born"))
        return given

    @property
    def person(self) -> NewPerson:
        """The person, once the form was found right."""
        given = self.cleaned_data
        return NewPerson(
            **{
                name: given[name]
                for name in (
                    "place",
                    "forename",
                    "surname",
                    "born_on",
                    "expected_on",
                    "sex",
                    "ethnicity",
                )
            }
        )


def next_in_family(typed: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the next person to add begins with: another child of the last one's surname."""
    last = typed[-1] if typed else {}
    return {
        "place": Place.CHILD,
        "surname": last.get("surname") or "",
        "ethnicity": last.get("ethnicity") or "",
    }


def begun_with(sought: Sought, *, on: date) -> dict[str, Any]:
    """What a person to add begins with, of what was looked for and not found."""
    asked = understood(sought, on=on)
    *forenames, surname = asked.named or [""]
    if not forenames:
        forenames, surname = [surname], ""
    begun: dict[str, Any] = {
        "place": Place.CHILD,
        "forename": " ".join(forenames),
        "surname": surname,
    }
    if asked.born_on and asked.born_on > on:
        return begun | {"birth": UNBORN, "expected_on": asked.born_on}
    return begun | {"born_on": asked.born_on}


NEW_FAMILY = "new"


class AddForm(forms.Form):
    """Which family those added belong to, where there is a choice."""

    family = forms.RadiosField(label="Family", choices=())

    def __init__(self, *args: Any, families: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        """`families`: those offered, by the identifier of a child in them, with their words."""
        super().__init__(*args, **more)
        if families:
            self.fields["family"].choices = families
            self.fields["family"].initial = families[0][0]
        else:
            del self.fields["family"]


IS_NEW = "new"


class AlikeForm(forms.FilterForm):
    """For each person to add who is like someone held: which of them it is, or none."""

    def __init__(
        self,
        data: Any,
        alike: Mapping[int, tuple[NewPerson, Sequence[forms.Choice]]],
    ) -> None:
        """`alike`: by the number of the person to add, that person and those they may be."""
        super().__init__(data)
        for number, (new, choices) in alike.items():
            name = f"{new.forename} {new.surname}".strip() or _("this child")
            self.fields[f"is-{number}"] = forms.RadiosField(
                label=_("Is %(name)s one of these?") % {"name": name},
                noun=_("whether %(name)s is one of these") % {"name": name},
                missing=_("Select who %(name)s is, or that none of them is") % {"name": name},
                label_size="m",
                choices=[
                    *choices,
                    forms.Choice(
                        IS_NEW, _("None of these: add %(name)s") % {"name": name}, divider=_("or")
                    ),
                ],
            )


class JoinForm(forms.Form):
    """The place that each person takes in a family."""

    def __init__(self, *args: Any, people: Sequence[Person] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        for person in people:
            is_child = person.held_as == Person.HeldAs.CHILD
            self.fields[f"place-{person.pk}"] = forms.RadiosField(
                label=person.name,
                noun=_("the place of %(name)s") % {"name": person.name},
                label_size="s",
                choices=Place.choices,
                initial=Place.CHILD if is_child else Place.PARENT,
                inline=True,
            )

    def place_of(self, person: Person) -> str:
        """The place chosen for one of them."""
        return str(self.cleaned_data[f"place-{person.pk}"])


class CorrectForm(CorrectionForm):
    """What is held about a person."""

    forename = forms.TextField(label="First name", max_length=100, width="20", required=False)
    surname = forms.TextField(label="Surname", max_length=255, width="20", required=False)
    born_on = forms.DateField(label="Date of birth", past=True, required=False)
    expected_on = forms.DateField(
        label="Expected date of birth", hint="Only for a child not yet born.", required=False
    )
    died_on = forms.DateField(label="Date of death", past=True, required=False)
    sex = forms.RadiosField(label="Sex", choices=_sexes, inline=True)
    ethnicity = forms.SelectField(
        label="Ethnicity", choices=_ethnicities, blank="Not recorded", required=False
    )
    gender = forms.TextField(
        label="Gender, in their own words", max_length=10, width="10", required=False
    )
    pronouns = forms.TextField(label="Pronouns", max_length=40, width="10", required=False)
    nationality = forms.TextField(
        label="Country of origin or nationality", max_length=48, width="20", required=False
    )
    religion = forms.TextField(
        label="Religion or belief", max_length=100, width="20", required=False
    )
    upn_unknown = forms.SelectField(
        label="Reason the unique pupil number is not known",
        choices=_reasons_upn_unknown,
        blank="Not given",
        required=False,
    )
    has_education_plan = forms.YesNoField(
        label="Is there an education, health and care plan?",
        noun="an education, health and care plan",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Nobody dies before they are born."""
        given = super().clean() or {}
        born, died = given.get("born_on"), given.get("died_on")
        if born and died and died < born:
            self.add_error("died_on", _("Date of death must be on or after the date of birth"))
        return given


class KnownThenForm(forms.FilterForm):
    """The day, and perhaps the time, at which a record is to be read as it was known."""

    day = forms.DateField(label="Day", hint="For example, 27 3 2026", past=True)
    time = forms.TimeField(
        label="Time",
        hint="For example, 9:30am. Leave it empty for the end of the day.",
        required=False,
    )

    def moment(self, now: datetime) -> datetime:
        """The moment asked for, of a valid form; never later than `now`.

        Of a time that came twice, as the clocks went back, the second.
        """
        day, at = self.cleaned_data["day"], self.cleaned_data.get("time")
        if at is None:
            after: datetime = make_aware(datetime.combine(day + timedelta(days=1), time()))
            moment = after - timedelta(microseconds=1)
        else:
            moment = make_aware(datetime.combine(day, at.replace(second=59, microsecond=999_999)))
            moment = moment.replace(fold=1)
        return min(moment, now)
