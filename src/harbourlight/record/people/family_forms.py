"""What is asked to record how the people of a family are related."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from harbourlight.record.people.actions import Related
from harbourlight.record.people.models import Person, Relationship
from harbourlight.record.people.relations import side_of, sides
from harbourlight.ui import forms


def _sides() -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in sides()]


class RelateForm(forms.Form):
    """What each of several people is to one: those left alone are not recorded."""

    def __init__(
        self, *args: Any, person: Person, others: Sequence[tuple[Person, str]] = (), **more: Any
    ) -> None:
        """`others`: who may be related, each with words that tell them from one another."""
        super().__init__(*args, **more)
        self.others = [one for one, _words in others]
        for one, words in others:
            self.fields[f"is-{one.pk}"] = forms.SelectField(
                label=_("What is %(name)s to %(person)s?")
                % {"name": one.name, "person": person.name},
                noun=_("what %(name)s is") % {"name": one.name},
                hint=words,
                choices=_sides,
                blank=_("Not recorded"),
                label_size="s",
                required=False,
            )
            if one.held_as == Person.HeldAs.ADULT:
                self.fields[f"responsible-{one.pk}"] = forms.SelectField(
                    label=_("Has %(name)s parental responsibility?") % {"name": one.name},
                    noun=_("parental responsibility"),
                    choices=Relationship.Responsibility.choices,
                    blank=_("Not recorded"),
                    required=False,
                )

    @property
    def related(self) -> list[Related]:
        """What was said of those of whom something was said."""
        found = []
        for one in self.others:
            answer = self.cleaned_data[f"is-{one.pk}"]
            if answer:
                kind, is_inverse = side_of(answer)
                asked = kind.carries_responsibility and not is_inverse
                given = self.cleaned_data.get(f"responsible-{one.pk}", "")
                responsible = given if asked else ""
                found.append(Related(one, answer, responsible))
        return found
