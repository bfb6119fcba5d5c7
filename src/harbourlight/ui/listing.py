"""Long lists on a page: one page of them at a time, in the order asked for, by the address alone.

Ordering and cutting are done by the database. It knows nothing of what is listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from harbourlight.ui.formats import count_of


def address_with(request: HttpRequest, **changes: str | None) -> str:
    """This page's address with some of its query changed, or taken out where None."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def address_without(request: HttpRequest, name: str, value: str) -> str:
    """This page's address with one chosen value of a filter taken off, from the first page."""
    query = request.GET.copy()
    query.setlist(name, [one for one in query.getlist(name) if one != value])
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


@dataclass(frozen=True)
class Sorting:
    """The order a list is in. Built by `sorting_of`."""

    request: HttpRequest
    columns: Mapping[str, str | Sequence[str]]
    column: str
    descending: bool

    @property
    def ordering(self) -> list[str]:
        """What to give `order_by`."""
        fields = self.columns[self.column]
        names = [fields] if isinstance(fields, str) else [*fields]
        if not self.descending:
            return names
        return [name[1:] if name.startswith("-") else f"-{name}" for name in names]

    def order_of(self, column: str) -> str:
        """`ascending`, `descending` or `none`, as `aria-sort` has it."""
        if column != self.column:
            return "none"
        return "descending" if self.descending else "ascending"

    def href_for(self, column: str) -> str:
        """The address of the list by this column; the other way round if it is by it already."""
        reverse = column == self.column and not self.descending
        return address_with(self.request, sort=f"-{column}" if reverse else column, page=None)


def sorting_of(
    request: HttpRequest, columns: Mapping[str, str | Sequence[str]], *, default: str
) -> Sorting:
    """The order asked for by `?sort=`, which is a column's name, with "-" before it for descending.

    columns: name to the model's fields to order by. An order that is not offered is the default.
    """
    asked = request.GET.get("sort", default)
    name = asked.removeprefix("-")
    if name not in columns:
        asked, name = default, default.removeprefix("-")
    return Sorting(request, columns, name, asked.startswith("-"))


@dataclass(frozen=True)
class Listing:
    """One page of a list, and the way to the others. Built by `list_page`."""

    items: Sequence[Any]
    total: int
    number: int
    pages: int
    first: int
    """The place in the whole list of the first on this page, from 1."""
    summary: str
    links: Sequence[Mapping[str, Any]]
    """For `govukPagination`: numbers round this page and the ends, with ellipses between."""
    previous_href: str
    next_href: str


def list_page(
    request: HttpRequest, found: Any, *, one: str, many: str | None = None, per_page: int = 50
) -> Listing:
    """The page of `found` (a QuerySet or a sequence) asked for by `?page=`.

    A number that is none, or past the end, gives the nearest page there is. `one` and `many` are
    the noun: "1 child", "2 children".
    """
    paginator = Paginator(found, per_page)
    page = paginator.get_page(request.GET.get("page"))
    number, pages = page.number, paginator.num_pages

    def href(to: int) -> str:
        return address_with(request, page=str(to) if to > 1 else None)

    total = count_of(paginator.count, one, many)
    if pages > 1:
        summary = _("Showing %(first)s to %(last)s of %(total)s") % {
            "first": f"{page.start_index():,}",
            "last": f"{page.end_index():,}",
            "total": total,
        }
    else:
        summary = total
    return Listing(
        items=[*page.object_list],
        total=paginator.count,
        number=number,
        pages=pages,
        first=page.start_index(),
        summary=summary,
        links=[
            {"number": to, "href": href(to), "current": to == number}
            if isinstance(to, int)
            else {"ellipsis": True}
            for to in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
        ],
        previous_href=href(number - 1) if number > 1 else "",
        next_href=href(number + 1) if number < pages else "",
    )
