"""Finding people for some purpose, and going back to it with those who were picked.

Whatever needs people (a contact, a family) declares its purpose once; the search then offers tick
boxes and leads back. The address carries identifiers alone, never a name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.urls import reverse

from harbourlight.foundation.access import Capability


@dataclass(frozen=True)
class Purpose:
    """Why people are looked for.

    `title` asks who, `pick` is the button that goes on with those ticked. `onward` is given what
    it is for and the people picked, both by identifier, and gives the address to go on to.
    """

    code: str
    title: str
    introduction: str
    pick: str
    capability: Capability
    onward: Callable[[str, Sequence[str]], str]
    children_only: bool = False
    joins_family: bool = False
    """Whether `of` is a person, whose family it is that those picked or added join."""


_purposes: dict[str, Purpose] = {}


def declare(purpose: Purpose) -> None:
    """Offer the search for a purpose. Call it from the app's `ready`."""
    _purposes[purpose.code] = purpose


@dataclass(frozen=True)
class Picking:
    """One search for a purpose: what it is for, and who has been picked before."""

    purpose: Purpose
    of: str
    picked: tuple[str, ...]

    @property
    def query(self) -> str:
        """What carries it from page to page, from `?` on."""
        query = QueryDict(mutable=True)
        query["for"] = self.purpose.code
        if self.of:
            query["of"] = self.of
        query.setlist("child", list(self.picked))
        return f"?{query.urlencode()}"

    @property
    def back(self) -> str:
        """Where to go back to without picking anybody more."""
        if self.purpose.joins_family:
            return reverse("people:family", args=[self.of])
        return self.onward(())

    @property
    def families_of(self) -> tuple[str, ...]:
        """The people whose families those added may belong to."""
        return (self.of,) if self.purpose.joins_family else self.picked

    def after_adding(self, children: Sequence[str]) -> str:
        """Where to go on to once people were added: they are in the family they were added to."""
        if self.purpose.joins_family:
            return reverse("people:family", args=[self.of])
        return self.onward(children)

    def onward(self, more: Sequence[str]) -> str:
        """The address to go on to, with these picked too."""
        return self.purpose.onward(self.of, [*dict.fromkeys([*self.picked, *more])])


def picking_from(query: QueryDict) -> Picking | None:
    """The search this address is for; None for one with no purpose. Raises 404 for one unknown."""
    code = query.get("for")
    if code is None:
        return None
    if code not in _purposes:
        raise Http404
    return Picking(_purposes[code], query.get("of", ""), tuple(query.getlist("child")))


def address_for(code: str, *, of: str = "", picked: Sequence[str] = ()) -> str:
    """The address of the search, for a purpose."""
    return reverse("people:search") + Picking(_purposes[code], of, tuple(picked)).query
