"""What a questionnaire looks like in the gallery of components: one question of each kind."""

from datetime import date
from typing import Any

from harbourlight.foundation.instruments.answering import form_for
from harbourlight.foundation.instruments.instrument import (
    Choice,
    Instrument,
    Kind,
    Question,
    Section,
)

_CHOICES = (Choice("yes", "Often"), Choice("no", "Hardly ever", hint="Less than once a month."))


def every_kind() -> dict[str, Any]:
    """A form with a question of each kind, empty, and the same sent with nothing in it."""
    questions = tuple(
        Question(
            name=f"asked_{kind.value}",
            label=f"A question of the kind {kind.value.replace('_', ' ')}",
            kind=kind,
            hint="How the question is to be understood.",
            guidance="What to bear in mind.",
            choices=_CHOICES if kind in (Kind.ONE_OF, Kind.MANY_OF, Kind.SCALE) else (),
        )
        for kind in Kind
    )
    instrument = Instrument(
        code="gallery",
        title="Gallery",
        version=1,
        in_force_from=date(2026, 1, 1),
        source="Invented.",
        sections=(Section("all", "All", questions=questions),),
    )
    people = [("1", "Alex Example"), ("2", "Blake Example")]
    drawn = {
        state: form_for(instrument, questions, data=data, answers={}, people=people)
        for state, data in (("empty", None), ("wrong", {"nothing": "given"}))
    }
    for state, form in drawn.items():
        form.auto_id = f"{state}_%s"
    return drawn
