"""Changing a row that is held already, when somebody else may be changing it too.

The form carries, for each field it asks, which version it was shown. If one of them was changed
meanwhile nothing is saved: the page comes back with both versions of each field that differs, who
changed it and when, and the person chooses what stands, field by field. What they choose stands on
what they were shown; if that too was changed meanwhile, they are shown again.

It must not merge by itself: two fields that fit their writers may not fit each other.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext as _

from harbourlight.foundation.access import SignedInRequest
from harbourlight.foundation.actions import Refused
from harbourlight.foundation.answering import answer_form
from harbourlight.foundation.facts import corrections_of
from harbourlight.foundation.history.models import Event
from harbourlight.ui import forms
from harbourlight.ui.formats import instant_in_words

CHOOSES = "stands-"
"""What the name of the question begins with that asks which version of a field stands."""
HELD, MINE = "held", "mine"
LINES_WHILE_A_PAGE_IS_OPEN = 100_000
"""Of history: more than a large authority writes in a day."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the row since the form was shown; the form now shows both versions."""


@dataclass(frozen=True)
class Difference:
    """A field of which there are two versions, in words, and the question which of them stands."""

    label: str
    held: str
    changed: str
    """Who changed what is held, and when; empty where that is not known, or nobody did."""
    yours: str
    question: Any


class ChangingForm(forms.Form):
    """A form that changes a row. A subclass declares the fields of the row that it asks."""

    seen = forms.HiddenField(required=False)
    aside: tuple[str, ...] = ()
    """Fields that are asked beside those of the row, such as the reason."""

    def __init__(self, data: Any = None, *, row: models.Model, **more: Any) -> None:
        """`row` is what is changed: the form begins with what it says now."""
        beside = {*ChangingForm.base_fields, *self.aside}
        self.changeable = [name for name in self.base_fields if name not in beside]
        held = self._held(row)
        more["initial"] = held | {"seen": self._versions(held)} | (more.get("initial") or {})
        super().__init__(data, **more)
        for name, value in held.items():
            self.offer_still(self.fields[name], value)
        self.meanwhile: list[Difference] = []
        if self.is_bound and (asked := self._seen("asked")):
            self._ask(row, [name for name in self.changeable if name in asked])

    @property
    def changes(self) -> dict[str, Any]:
        """Each field that is to be other than it was. What was not typed over keeps what a box
        cannot show, such as the seconds of a time."""
        return self._differing(self._held(self._settled_on))

    def offer_still(self, field: Any, value: Any) -> None:
        """Keep among the choices what is held and may be chosen no longer: a box that could not
        show it would be sent empty, and what was held lost without anybody's meaning it."""
        if not hasattr(field, "offered"):
            return
        offered = {one.value for one in field.offered}
        values = value if isinstance(value, list) else [value]
        lacking = [one for one in values if one and isinstance(one, str) and one not in offered]
        if lacking:
            no_longer = [
                (one, _("%(code)s, which is no longer a choice") % {"code": one}) for one in lacking
            ]
            field.choices = [*field.offered, *no_longer]

    def settle(self, row: models.Model) -> None:
        """Say that the row, read and locked now, is what the changes are to be made to.

        Raises `ChangedMeanwhile` if a field of it is not what the person was shown.
        """
        self._settled_on = row
        held = self._held(row)
        seen = self._seen("shown")
        differing = self._differing(held)
        theirs = {name for name in self.changeable if seen.get(name) != self._version(name, held)}
        if not theirs or not differing:
            return
        for name in differing:
            untouched = self._version(name, self.cleaned_data) == seen.get(name)
            best = HELD if untouched else "" if name in theirs else MINE
            self.carry(f"{CHOOSES}{name}", best)
        self.carry("seen", self._versions(held, asked=[*differing]))
        self._ask(row, [*differing])
        raise ChangedMeanwhile(
            _(
                "Somebody else changed this while you had the page open. Nothing of yours or "
                "theirs is lost: say for each part what should stand, then save again."
            )
        )

    def _differing(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Each field whose answer, as it was chosen, is not what is held."""
        return {
            name: self.cleaned_data[name]
            for name in self.changeable
            if self.cleaned_data.get(f"{CHOOSES}{name}", MINE) == MINE
            and self._version(name, self.cleaned_data) != self._version(name, held)
        }

    def _held(self, row: models.Model) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.changeable}

    def _version(self, name: str, values: Mapping[str, Any]) -> str:
        """A short digest of a value as the field would show it."""
        shown = _shown(self.base_fields[name], values.get(name))
        written = json.dumps(shown, ensure_ascii=False, sort_keys=True)
        return hashlib.blake2b(written.encode(), digest_size=9).hexdigest()

    def _versions(self, held: Mapping[str, Any], *, asked: Sequence[str] = ()) -> str:
        shown = {name: self._version(name, held) for name in self.changeable}
        return json.dumps({"shown": shown, "asked": dict.fromkeys(asked, True)})

    def _seen(self, what: str) -> dict[str, Any]:
        """What the page carries of what it showed: nothing, if that was lost or altered."""
        try:
            seen = json.loads(self.data.get(self.add_prefix("seen")) or "")
        except ValueError:
            return {}
        of = seen.get(what) if isinstance(seen, dict) else None
        return of if isinstance(of, dict) else {}

    def _ask(self, row: models.Model, names: Sequence[str]) -> None:
        """Put both versions of some fields on the page, and ask which stands."""
        held = self._held(row)
        for name in [name for name in self.fields if name.startswith(CHOOSES)]:
            del self.fields[name]
        self.meanwhile = []
        for name in names:
            field = self.fields[name]
            question = f"{CHOOSES}{name}"
            self.fields[question] = forms.RadiosField(
                label=_("What should stand?"),
                noun=_("what should stand for “%(field)s”") % {"field": field.label},
                choices=[
                    (HELD, _("What is held now")),
                    (MINE, _("Mine, which I can still change here")),
                ],
                reveals={MINE: [name]},
                label_size="s",
                small=True,
            )
            self.meanwhile.append(
                Difference(
                    label=str(field.label),
                    held=field.in_words(held[name]),
                    changed=_changed(row, name),
                    yours=self._mine_in_words(name),
                    question=self[question],
                )
            )

    def _mine_in_words(self, name: str) -> str:
        bound = self[name]
        try:
            field: Any = bound.field  # each of ours says its answers in words
            words: str = field.in_words(field.clean(bound.data))
        except ValidationError:  # it is said beside the box itself
            return ""
        return words

    def drawn_beside(self) -> list[Any]:
        """The fields to draw that are not among those of which there are two versions."""
        return [bound for bound in self.drawn() if not bound.name.startswith(CHOOSES)]


def answer_change(
    request: SignedInRequest,
    form: ChangingForm,
    row: models.Model,
    change: Callable[[Any, dict[str, Any]], str],
    *,
    at: Any,
    done: str = "",
) -> HttpResponse | None:
    """Change a row as a posted form asks; None as `answer_form` has it.

    `change` is given the row as it stands now, locked, and the fields that are to be other than
    they were; it returns the address to go to. Two changes of one row take turns.
    """

    def act(given: dict[str, Any]) -> str:
        now = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        form.settle(now)
        return change(now, form.changes)

    return answer_form(request, form, act, at=at, done=done)


def _shown(field: Any, value: Any) -> Any:
    """A value as the field's boxes would hold it, whether it was held or typed."""
    if hasattr(field, "typed"):
        return field.typed(value)
    value = field.prepare_value(value)
    if isinstance(value, list | tuple | set):
        return sorted(str(one) for one in value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _changed(row: models.Model, name: str) -> str:
    """Who last changed a field of a row and when, in words."""
    correction = corrections_of(row).filter(field=name).first()
    if correction is not None:
        return _said(correction.by, correction.at)
    child = row.pk if row._meta.model_name == "person" else getattr(row, "child_id", None)
    kind = getattr(row, "written_down_as", row._meta.model_name)
    events = Event.objects.filter(
        kind=Event.Kind.WRITE, subjects__contains={str(kind): str(row.pk)}
    )
    if child is not None:  # an index finds a child's lines
        events = events.filter(children__contains=[child])
    else:  # none finds a subject's, and there are millions: it was while a page was open
        last = Event.objects.aggregate(last=models.Max("id"))["last"] or 0
        events = events.filter(id__gt=last - LINES_WHILE_A_PAGE_IS_OPEN)
    event = events.select_related("by").order_by("-at", "-id").first()
    return _said(event.by, event.at) if event else ""


def _said(by: Any, at: Any) -> str:
    return _("%(who)s, %(when)s") % {"who": by or _("Nobody"), "when": instant_in_words(at)}
