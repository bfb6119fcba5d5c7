"""The board: each standard by month, one standard, the entries behind a point, and downloads."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability, SignedInRequest, requires
from harbourlight.foundation.history.models import record_reading
from harbourlight.insight.charts import Size
from harbourlight.insight.comma_separated import Row, rows_as_bytes
from harbourlight.pages import selectors
from harbourlight.pages.asked import Asked, asked_of_board
from harbourlight.pages.measures import charted
from harbourlight.pages.presenters import board as presenters
from harbourlight.pages.presenters.entries import row_of
from harbourlight.pages.presenters.standards import duty_of
from harbourlight.pages.reading import write_down
from harbourlight.record.live_ledger.models import Entry
from harbourlight.record.live_ledger.selectors import begun, of_month, undated, unmet, visible_to
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.standard import Kind, Standard
from harbourlight.ui.listing import list_page


@requires(Capability.SEE_BOARD)
def board(request: SignedInRequest) -> HttpResponse:
    """Every standard: what its chart says, and how it stands now."""
    asked = asked_of_board(request)
    if asked.was_typed:
        return redirect(asked.address)
    charts = charted(asked.as_at, team_id=asked.team_id)
    now = selectors.by_standard(request.user, asked.as_at, team_id=asked.team_id)
    areas = presenters.cards_by_area(charts, now, asked.query())
    return render(request, "pages/board.html", {"asked": asked, "form": asked.form, "areas": areas})


@requires(Capability.SEE_BOARD)
def standard(request: SignedInRequest, code: str) -> HttpResponse:
    """One standard: its chart, its months, and what it is."""
    held, asked = _standard(code), asked_of_board(request)
    if asked.was_typed:
        return redirect(asked.address)
    shown = charted(asked.as_at, [code], team_id=asked.team_id)[code]
    now = selectors.by_standard(request.user, asked.as_at, [code], team_id=asked.team_id)
    context = {
        "asked": asked,
        "form": asked.form,
        "charted": shown,
        "pictures": [
            (size.name.lower(), shown.picture(size, months_at=request.path, query=asked.query()))
            for size in (Size.WIDE, Size.NARROW)
        ],
        "counts": presenters.counts_now(shown, now.get(code, {}), asked.query()),
        "months": presenters.month_rows(shown, asked.query()),
        "undated": undated(_entries_of(request, asked, held)).count(),
        "duty": duty_of(held),
        "may_download": request.user.can(Capability.DOWNLOAD_MEASURES),
    }
    return render(request, "pages/board-standard.html", context)


# ---- The entries behind a number ----------------------------------------------------------------


@requires(Capability.SEE_BOARD)
def month(request: SignedInRequest, code: str, first: date) -> HttpResponse:
    """The entries behind one point, in parts that add up to it."""
    held, asked = _standard(code), asked_of_board(request)
    behind = _behind(request, asked, held, first)
    part = presenters.part_named(request.GET.get("part"))
    return _list(
        request,
        asked,
        held,
        behind.listed(part),
        title=presenters.month_name(first),
        behind=behind,
        part=part,
        counts=behind.counts(request.path, asked.query()),
        may_download=request.user.can(Capability.DOWNLOAD_MEASURES),
        download_href=presenters.month_download_page(held, first, asked.query()),
    )


@requires(Capability.SEE_BOARD)
def unmet_now(request: SignedInRequest, code: str) -> HttpResponse:
    """What is not met at the moment the board stands at, the first due first."""
    held, asked = _standard(code), asked_of_board(request)
    if held.kind is Kind.OCCURRENCE:
        raise Http404(_("Nothing waits to be met where something should not happen."))
    found = unmet(_entries_of(request, asked, held), asked.as_at)
    return _list(request, asked, held, found, title=_("Not met yet"))


@requires(Capability.SEE_BOARD)
def in_no_month(request: SignedInRequest, code: str) -> HttpResponse:
    """What cannot be told, and has no date that would put it in a month."""
    held, asked = _standard(code), asked_of_board(request)
    found = undated(_entries_of(request, asked, held))
    return _list(request, asked, held, found, title=_("In no month, for want of a date"))


def _standard(code: str) -> Standard:
    if code not in CATALOGUE:
        raise Http404(_("There is no such standard."))
    return CATALOGUE[code]


def _entries_of(request: SignedInRequest, asked: Asked, held: Standard) -> QuerySet[Entry]:
    entries = visible_to(request.user).filter(standard=held.code)
    return entries.filter(team_id=asked.team_id) if asked.team_id else entries


def _behind(
    request: SignedInRequest, asked: Asked, held: Standard, first: date
) -> presenters.Behind:
    if first > asked.as_at.date():
        raise Http404(_("That month has not begun."))
    entries = begun(of_month(_entries_of(request, asked, held), held, first), asked.as_at)
    return presenters.behind(held, entries, asked.as_at)


def _list(
    request: SignedInRequest,
    asked: Asked,
    held: Standard,
    found: QuerySet[Entry] | Sequence[Entry],
    **more: Any,
) -> HttpResponse:
    listing = list_page(request, found, one="entry", many="entries")
    names = selectors.names_in(request.user, listing.items)
    rows = [row_of(entry, names, asked.as_at) for entry in listing.items]
    children = [row.child for row in rows]
    write_down("board:entries", by=request.user, at=timezone.now(), children=children)
    context = {
        "asked": asked,
        "form": asked.form,
        "duty": duty_of(held),
        "rows": rows,
        "listing": listing,
        "back": presenters.page_of(held, asked.query()),
        "behind": None,
        "may_download": False,
    }
    return render(request, "pages/board-entries.html", context | more)


# ---- Downloads ----------------------------------------------------------------------------------


@requires(Capability.DOWNLOAD_MEASURES)
def download_months(request: SignedInRequest, code: str) -> HttpResponse:
    """A standard's months, as a file of comma-separated values."""
    held, asked = _standard(code), asked_of_board(request)
    shown = charted(asked.as_at, [code], team_id=asked.team_id)[code]
    rows = presenters.months_to_download(shown, team=asked.team, as_at=asked.as_at)
    name = f"{held.code}-months"
    return _download(request, asked, name, presenters.MONTHS_COLUMNS, rows)


@requires(Capability.DOWNLOAD_MEASURES)
def download_entries(request: SignedInRequest, code: str, first: date) -> HttpResponse:
    """The entries behind one point, as a file: identifiers and dates, and no name."""
    held, asked = _standard(code), asked_of_board(request)
    entries = _behind(request, asked, held, first).listed()
    rows = presenters.entries_to_download(entries, as_at=asked.as_at)
    children = {entry.child_id for entry in entries}
    name = f"{held.code}-{first:%Y-%m}-entries"
    return _download(request, asked, name, presenters.ENTRIES_COLUMNS, rows, children)


def _download(
    request: SignedInRequest,
    asked: Asked,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    children: Iterable[str] = (),
) -> HttpResponse:
    record_reading(
        name="board:download",
        by=request.user,
        at=timezone.now(),
        children=children,
        subjects={"file": name, "team": asked.team_id or "", "as_at": asked.as_at.isoformat()},
    )
    response = HttpResponse(rows_as_bytes(columns, rows), content_type="text/csv; charset=utf-8")
    stamp = asked.as_at.date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-as-at-{stamp}.csv"'
    return response
