"""Pages made into PDF: with our own typeface, page numbers, and who printed them on every page.

WeasyPrint needs Pango, which is the system's to install. Where it is lacking, `CannotPrint` says so
and a browser's own printing of the page does as well. Nothing is fetched from anywhere: what a page
asks for is one of our own static files or is not there.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from harbourlight.ui.formats import instant_in_words
from harbourlight.ui.words import in_language

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

SCHEME = "static:///"
VARIANT = "pdf/ua-1"
"""Tagged, so that a screen reader can read it."""


class CannotPrint(RuntimeError):
    """This machine lacks the libraries that make PDF; the message says what to do."""


class NotOurs(ValueError):
    """A page to be printed asked for something that is not one of our static files."""


@dataclass(frozen=True)
class Printed:
    """What stands on every page beside its content."""

    heading: str
    """At the top: whose record it is."""
    by: str
    """At the foot: who printed it, as what, and when."""


def printed(heading: str, *, by: "User", at: datetime) -> Printed:
    """The head and foot of each page."""
    words = {
        "name": by.full_name,
        "role": in_language(by.role_held.name),
        "when": instant_in_words(at),
    }
    return Printed(heading, _("Printed by {name}, {role}, {when}").format(**words))


def render_pdf(
    template: str, context: dict[str, Any], *, on_each_page: Printed, request: HttpRequest
) -> bytes:
    """A template that extends `ui/printed.html`, as PDF. Raises `CannotPrint`."""
    try:
        from weasyprint import HTML
    except OSError as error:  # the library is there, and Pango is not
        raise CannotPrint(
            _(
                "This machine cannot make PDF: it lacks Pango (on Debian, libpango-1.0-0, "
                "libpangoft2-1.0-0 and libharfbuzz-subset0). Print the page from the browser."
            )
        ) from error
    html = render_to_string(template, context | {"on_each_page": on_each_page}, request)
    page = HTML(string=html, base_url=SCHEME, url_fetcher=our_file)
    return bytes(page.write_pdf(pdf_variant=VARIANT))


def our_file(url: str, *_: Any, **__: Any) -> Any:
    """One of our static files, for WeasyPrint. Raises `NotOurs` for any other address."""
    from weasyprint.urls import URLFetcherResponse

    found = finders.find(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
    if not isinstance(found, str):
        raise NotOurs("a page to be printed asked for what is not ours")
    kinds = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
    path = Path(found)
    return URLFetcherResponse(
        url, path.read_bytes(), {"Content-Type": kinds.get(path.suffix, "image/png")}
    )


def pdf_response(content: bytes, *, file_name: str) -> HttpResponse:
    """A PDF to open in the browser. `file_name` names nobody: a list of downloads may keep it."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name}.pdf"'
    response["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    )
    return response
