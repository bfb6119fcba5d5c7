"""The nights the clocks change, leap days and midnight, from the form to the ledger."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django import forms as django_forms

from harbourlight.record.front_door.models import Contact
from harbourlight.record.live_ledger.models import Entry
from harbourlight.ui import forms
from tests.pages.reading import main_of, text_of
from tests.record.families import LONDON, Record
from tests.record.people.test_adding import sent_by

AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
MORNING = time(9)


class Asked(forms.Form):
    """One instant."""

    at = forms.DateTimeField(label="When it happened")


def asked(day: date, typed: str, which: str = "") -> Asked:
    boxes = {"day": day.day, "month": day.month, "year": day.year, "time": typed, "which": which}
    return Asked({f"at-{part}": str(value) for part, value in boxes.items()})


def test_every_minute_of_both_nights_is_the_instant_it_was_or_is_refused_in_words(
    assured: Any,
) -> None:
    twice = never = once = 0
    for day in (AUTUMN, SPRING):
        midnight = datetime.combine(day, time(0), LONDON).astimezone(UTC)
        instants = [midnight + timedelta(minutes=minute) for minute in range(4 * 60)]
        for instant in instants:
            there = instant.astimezone(LONDON)
            typed = f"{there:%H:%M}"
            other = there.replace(fold=1 - there.fold).astimezone(UTC)
            form = asked(day, typed)
            if other != instant:
                twice += 1
                assert not form.is_valid()
                assert "must say which" in str(form.errors)
                assert "Which" in str(form), "the page asks"
                form = asked(day, typed, str(there.fold + 1))
            else:
                once += 1
            assert form.is_valid(), (typed, form.errors)
            assert form.cleaned_data["at"] == instant
    for minute in range(60):
        never += 1
        form = asked(SPRING, f"01:{minute:02}")
        assert not form.is_valid()
        assert "because the clocks went forward that night" in str(form.errors)
    assert (twice, never) == (120, 60)
    assured("clocks", f"{once} minutes once, {twice} twice and each told apart, {never} never")


def test_no_form_asks_for_an_instant_by_a_field_that_refuses_the_hour_that_comes_twice() -> None:
    theirs = (django_forms.DateTimeField, django_forms.SplitDateTimeField)

    def every(kind: type[Any]) -> Any:
        for one in kind.__subclasses__():
            yield one
            yield from every(one)

    refusing = [
        f"{form.__name__}.{name}"
        for form in every(django_forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, theirs) and form.__module__.startswith("harbourlight.")
    ]
    assert refusing == []


@pytest.mark.parametrize(
    ("which", "in_utc", "said"),
    [
        ("1", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "1:30am (before the clocks went back)"),
        ("2", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1:30am (after the clocks went back)"),
    ],
)
def test_a_contact_at_half_past_one_that_night_is_asked_about_kept_and_read_back(
    record: Record, client: Any, which: str, in_utc: datetime, said: str
) -> None:
    child = record.child("Ash Sorrel")
    address = f"/contacts/new/?child={child.pk}"
    with time_machine.travel(datetime(2026, 10, 25, 9, tzinfo=LONDON), tick=False):
        client.force_login(record.user("front_door_worker"))
        form = sent_by(client.get(address), "Record the contact") | {
            "children": child.pk,
            "source_code": "2A",
            "what_was_said": "Seen at night.",
            "received_at-time": "1:30am",
        }
        asked_which = client.post(address, form)
        assert "must say which 1:30am" in text_of(main_of(asked_which))
        form = sent_by(asked_which, "Record the contact")
        led = client.post(address, form | {"received_at-which": which, "children": child.pk})
        assert led.status_code == 302
        assert Contact.objects.get().received_at == in_utc
        assert said in text_of(main_of(client.get(led.headers["Location"])))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Friday night before the clocks go back on Sunday, and Saturday in the middle of it.
        (datetime(2026, 10, 23, 23, 59, tzinfo=LONDON), date(2026, 10, 26)),
        (datetime(2026, 10, 24, 0, 0, tzinfo=LONDON), date(2026, 10, 26)),
        # On a leap day, and at the midnight that begins it.
        (datetime(2028, 2, 29, 23, 59, tzinfo=LONDON), date(2028, 3, 1)),
        (datetime(2028, 2, 29, 0, 0, tzinfo=LONDON), date(2028, 3, 1)),
        # Half an hour before midnight in summer is the next day nowhere but in UTC's reckoning.
        (datetime(2026, 7, 1, 0, 30, tzinfo=LONDON), date(2026, 7, 2)),
    ],
)
def test_a_deadline_falls_on_the_day_it_should_whatever_the_clocks_do(
    record: Record, received: datetime, due: date
) -> None:
    record.contact(record.child("Ash Sorrel"), at=received)
    entry = Entry.objects.get(standard="REF-DEC")
    assert entry.due_at is not None
    assert entry.due_at.date() == due
