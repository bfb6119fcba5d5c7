"""Whom I am looking at: the identity bar, the same on every page of one person."""

from datetime import date
from typing import Any

from django.urls import reverse

from harbourlight.record.people.models import Person
from harbourlight.standards import code_sets
from harbourlight.ui.formats import count_of, date_in_words


def identity_bar(person: Person, *, on: date, **more: Any) -> dict[str, Any]:
    """What `ui/components/identity-bar.html` shows of a person on a day.

    `more` adds to it: `badges`, `actions`, or `facts` that follow these.
    """
    facts = [
        {"key": "Born" if person.born_on else "Expected", "value": _birth(person, on)},
        {"key": "Sex", "value": code_sets.label("sex", person.sex)},
        {"key": "Identifier", "value": person.pk},
        *more.pop("facts", ()),
    ]
    if person.died_on:
        facts.insert(1, {"key": "Died", "value": date_in_words(person.died_on)})
    return {
        "name": person.name,
        "href": reverse("people:child", args=[person.pk]),
        "facts": facts,
        **more,
    }


def _birth(person: Person, on: date) -> str:
    if person.born_on is None:
        return date_in_words(person.expected_on) if person.expected_on else "Not recorded"
    age = person.age_on(on)
    words = date_in_words(person.born_on)
    if age is None or person.died_on:
        return words
    return f"{words} ({count_of(age, 'year')} old)"
