"""Whom I am looking at: the identity bar, the same on every page of one person."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harbourlight.record.people.models import Person, PersonWarning
from harbourlight.record.people.overview import Case, open_cases_of
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of, date_in_words

_told: list[Callable[[Person], list[dict[str, str]]]] = []


def tell_facts(of: Callable[[Person], list[dict[str, str]]]) -> None:
    """Say what else is told of a person in every bar. Call it from the app's `ready`."""
    _told.append(of)


def identity_bar(
    person: Person, *, on: date, cases: Mapping[str, Case] | None = None, **more: Any
) -> dict[str, Any]:
    """What `ui/components/identity-bar.html` shows of a person on a day.

    `cases` are open cases by child; they are asked for when not given. `more` adds to the bar:
    `badges`, `actions`, or `facts` that follow these.
    """
    facts = [
        {
            "key": _("Born") if person.born_on else _("Expected"),
            "value": birth_in_words(person, on),
        },
        {"key": _("Sex"), "value": code_sets.label("sex", person.sex)},
        {"key": _("Identifier"), "value": person.pk},
    ]
    if person.known_as:
        facts.insert(0, {"key": _("Known as"), "value": person.known_as})
    if person.died_on:
        facts.insert(1, {"key": _("Died"), "value": date_in_words(person.died_on)})
    if person.held_as == Person.HeldAs.CHILD:
        cases = open_cases_of([person.pk]) if cases is None else cases
        facts += case_facts(cases.get(person.pk))
    return {
        "name": person.name,
        "href": reverse("people:child", args=[person.pk]),
        "facts": [*facts, *more.pop("facts", ()), *(one for of in _told for one in of(person))],
        "badges": [*warning_badges(person, on), *more.pop("badges", ())],
        **more,
    }


def warning_badges(person: Person, on: date) -> list[dict[str, str]]:
    """The kinds of warning that hold of a person; one past its review says so. The words are on
    the page of details: they are not for a screen that others may see."""
    kinds: dict[str, bool] = {}
    for warning in PersonWarning.objects.current_on(on).filter(person=person).order_by("kind"):
        label = warning.get_kind_display()
        kinds[label] = kinds.get(label, False) or warning.is_overdue_on(on)
    return [
        {
            "text": _("%(warning)s: review overdue") % {"warning": label} if overdue else label,
            "colour": "red",
        }
        for label, overdue in kinds.items()
    ]


def case_facts(case: Case | None) -> list[dict[str, str]]:
    """Whether a case is open, and who holds it."""
    if case is None:
        return [{"key": _("Case"), "value": _("None open")}]
    return [
        {
            "key": _("Case"),
            "value": (_("Open since %(since)s") % {"since": date_in_words(case.since)}),
        },
        {"key": _("Worker"), "value": case.held_by},
    ]


def birth_in_words(person: Person, on: date) -> str:
    """`3 March 2019, 7 years old`; when an unborn child is expected; or that it is not recorded."""
    if person.born_on is None:
        return date_in_words(person.expected_on) if person.expected_on else _("Not recorded")
    words, age = date_in_words(person.born_on), age_in_words(person, on)
    return f"{words}, {age}" if age else words


def age_in_words(person: Person, on: date) -> str:
    """`7 years old`; months up to two years, weeks up to two months; nothing after a death."""
    if person.expected_on and not person.born_on:
        return _("not yet born")
    years = person.age_on(on)
    if years is None or person.died_on:
        return ""
    if years >= 2:
        return _("%(age)s old") % {"age": count_of(years, "year")}
    born = person.born_on or on
    months = 12 * (on.year - born.year) + on.month - born.month - (on.day < born.day)
    if months >= 2:
        return _("%(age)s old") % {"age": count_of(months, "month")}
    days = (on - born).days
    return (
        _("%(age)s old") % {"age": count_of(days // 7, "week")}
        if days >= 7
        else _("%(age)s old") % {"age": count_of(days, "day")}
    )
