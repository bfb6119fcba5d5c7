"""Lays the page out."""

from functools import cache
from typing import IO

from jinja2 import Environment, PackageLoader, StrictUndefined

from harbourlight import __version__
from harbourlight.dataset.formulas import inert
from harbourlight.returns.cin.causes import OF_MOST
from harbourlight.returns.cin.findings import Checked
from harbourlight.returns.cin.notes import EDITION
from harbourlight.returns.cin.report.contents import contents
from harbourlight.returns.cin.writing import in_short


def write_html(checked: Checked, out: IO[str]) -> None:
    """Write what was found as HTML that stands alone."""
    template = _environment().get_template("findings.html")
    out.writelines(template.generate(contents=contents(checked), checked=checked))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": lambda count: f"{count:,}",
        "in_short": in_short,
        "inert": inert,
        "day": lambda day: f"{day.day} {day:%B %Y}",
    }
    environment.globals |= {"version": __version__, "notes_edition": EDITION, "of_most": OF_MOST}
    return environment
