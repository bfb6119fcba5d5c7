"""The identifiers a person is known by elsewhere: who issues each, and how each checks itself.

Declared once: forms, pages, search and the extract read this list. It tells, and never stops
anyone recording what they were given.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.gb import nhs, upn

Words = str | Promise
Check = Callable[[str], Words]
"""What is wrong with an identifier written as `normalised` leaves it; empty if nothing is."""


def _nothing_to_check(value: str) -> Words:
    return ""


def check_nhs_number(value: str) -> Words:
    """Ten figures of which the last is a check digit (NHS Data Dictionary, NHS NUMBER)."""
    if not re.fullmatch(r"\d{10}", value, re.ASCII):
        return _("An NHS number has 10 figures.")
    if not nhs.is_valid(value):
        return _("The last figure does not check against the other nine: one may be mistyped.")
    return ""


def check_upn(value: str) -> Words:
    """A check letter, eleven figures, and a figure or letter (children in need census, rule 1510).

    The library's own `validate` also wants a local authority of its list of 2011, which lacks those
    made since (940 to 943), so its check letter alone is asked.
    """
    if not re.fullmatch(r"[A-Z]\d{11}[0-9A-HJ-NP-RT-Z]", value, re.ASCII):
        return _("A unique pupil number has a letter, 11 figures, then a figure or a letter.")
    if upn.calc_check_digit(value[1:]) != value[0]:
        return _("The first letter does not check against the rest: one character may be mistyped.")
    return ""


def check_uln(value: str) -> Words:
    """Ten figures; ten less the weighted sum of nine, modulo 11, is the last (Learning Records
    Service, unique learner number validation)."""
    if not re.fullmatch(r"[1-9]\d{9}", value, re.ASCII):
        return _("A unique learner number has 10 figures, the first of them not 0.")
    left = sum(int(figure) * (10 - place) for place, figure in enumerate(value[:9])) % 11
    if left == 0 or 10 - left != int(value[9]):
        return _("The last figure does not check against the other nine: one may be mistyped.")
    return ""


def check_national_insurance(value: str) -> Words:
    """Two letters, six figures, and a letter from A to D (HMRC, NIM39110)."""
    if not re.fullmatch(
        r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]", value, re.ASCII
    ):
        return _("A National Insurance number has 2 letters, 6 figures, and a letter from A to D.")
    return ""


@dataclass(frozen=True)
class IdentifierKind:
    """One kind of identifier: its code, what it is called, who issues it, and its own check."""

    code: str
    label: Words
    issuer: Words
    check: Check = _nothing_to_check
    is_reference: bool = False
    """Whether it is somebody's reference, kept as it was written, and not a number to close up."""
    ssd_type: str = ""
    """How the SSD names it, in `ssd_linked_identifiers`; our own code where it has no name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ssd_type", self.ssd_type or self.code)


KINDS: tuple[IdentifierKind, ...] = (
    IdentifierKind(
        "nhs_number", _("NHS number"), _("The NHS"), check_nhs_number, ssd_type="NHS Number"
    ),
    IdentifierKind(
        "upn",
        _("Unique pupil number (UPN)"),
        _("The first school"),
        check_upn,
        ssd_type="Unique Pupil Number",
    ),
    IdentifierKind(
        "former_upn",
        _("Former unique pupil number"),
        _("A school"),
        check_upn,
        ssd_type="Former Unique Pupil Number",
    ),
    IdentifierKind(
        "uln", _("Unique learner number (ULN)"), _("The Learning Records Service"), check_uln
    ),
    IdentifierKind(
        "earlier_system",
        _("Identifier in an earlier system"),
        _("This authority"),
        is_reference=True,
    ),
    IdentifierKind(
        "other_authority",
        _("Identifier at another authority"),
        _("Another authority"),
        is_reference=True,
    ),
    IdentifierKind(
        "home_office",
        _("Home Office reference"),
        _("The Home Office"),
        is_reference=True,
        ssd_type="Home Office Registration",
    ),
    IdentifierKind(
        "national_insurance",
        _("National Insurance number"),
        _("HM Revenue and Customs"),
        check_national_insurance,
        ssd_type="National Insurance Number",
    ),
    IdentifierKind(
        "youth_justice",
        _("Youth justice number"),
        _("The youth justice service"),
        is_reference=True,
        ssd_type="YOT Number",
    ),
    IdentifierKind(
        "court",
        _("Court case number"),
        _("A court"),
        is_reference=True,
        ssd_type="Court Case Number",
    ),
    IdentifierKind(
        "case", _("Case number"), _("Another service"), is_reference=True, ssd_type="Case Number"
    ),
    IdentifierKind(
        "adoption_agency",
        _("Regional adoption agency reference"),
        _("A regional adoption agency"),
        is_reference=True,
        ssd_type="RAA ID",
    ),
    IdentifierKind(
        "incident", _("Incident number"), _("The police"), is_reference=True, ssd_type="Incident ID"
    ),
    IdentifierKind("other", _("Another identifier"), _("Somebody else"), is_reference=True),
)

BY_CODE = {kind.code: kind for kind in KINDS}


def normalised(kind: str, value: str) -> str:
    """An identifier as it is kept: a number in capitals, without spaces or hyphens."""
    if BY_CODE[kind].is_reference:
        return " ".join(value.split())
    return re.sub(r"[\s-]", "", value).upper()


def problem_of(kind: str, value: str) -> Words:
    """What is wrong with a kept identifier by its own check; empty if nothing is."""
    return BY_CODE[kind].check(value)
