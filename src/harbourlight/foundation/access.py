"""Who may do what: capabilities, the roles that hold them, and how a view says which it needs.

Every view declares its access, by `requires`, `open_to_all_signed_in` or `public`; a test walks the
addresses and fails on one that does not. This decides by role alone. Whether a state allows an act,
and which records a person may reach, is for the record's own policies.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View

from harbourlight.ui.errors import NotAllowed
from harbourlight.ui.words import in_language

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User


class Capability(enum.Enum):
    """One thing a person may be allowed to do. Its value says what, after "You may" or "to"."""

    SEE_CHILDREN = "see children's records"
    RECORD_CONTACT = "record a contact"
    DECIDE_CONTACT = "decide what happens after a contact"
    RECORD_PERSON = "add people and families, and change what is held about them"
    ALLOCATE = "allocate a child to a team and a worker"
    WRITE_ASSESSMENT = "start and write an assessment, and send it for authorisation"
    AUTHORISE_ASSESSMENT = "authorise an assessment, or return it"
    RECORD_PROTECTION = "record enquiries, conferences, protection plans and reviews"
    CORRECT_RECORD = "correct what was recorded before"
    SEE_TEAM = "see the work of a whole team"
    SEE_BOARD = "see how practice standards are being met"
    DOWNLOAD_MEASURES = "download measures and the entries behind them"
    MANAGE_ACCOUNTS = "add accounts and change what they may do"
    OPEN_WITH_REASON = (
        "open the record of a child you do not work with, for a short time, saying why"
    )
    REVIEW_OPENINGS = "review why records were opened by people who do not work with the child"
    RESTRICT_RECORD = "restrict a child's record, and say who may know of it"
    SEE_WHO_LOOKED = "see who has looked at a child's record, and access that is unusual"
    DECIDE_DUPLICATES = "decide whether two people held are one, and undo that"
    ENTER_ALLEGATIONS = "see concerns and allegations about people who work with children"
    ENTER_INTELLIGENCE = "see intelligence about exploitation"
    ANSWER_INSTRUMENT = "answer a questionnaire about a child"
    CHANGE_INSTRUMENTS = "see and change the questions the authority asks"
    SEE_CONFIDENTIAL_ADDRESS = "see addresses that are kept confidential"
    ADD_DOCUMENT = "add documents to a child's record, and make letters"
    SEE_JOBS = "see work done in the background, and try again what failed"
    SEE_RETURNS = "see what is found in the census, and have it made again"
    CHECK_FILE = "check a census file that another system made"
    TAKE_CENSUS = "take the whole census as it would be submitted"


class Reach(enum.Enum):
    """Whose records a role reads. A restricted record is beyond every reach without a grant."""

    EVERYONE = "every child who is not restricted"
    RELATED = "the children they or their team work with, and those children's families"
    NOBODY = "no child"


@dataclass(frozen=True)
class Role:
    """A kind of work, what a person doing it may do, and whose records they read."""

    code: str
    name: str
    """As it is read in a sentence: lower case, singular."""
    description: str
    reach: Reach
    capabilities: frozenset[Capability]
    time_limited: bool = False
    """Whether an account of this role must have a day on which it ends."""


_C = Capability

ROLES: tuple[Role, ...] = (
    Role(
        "front_door_worker",
        "front door worker",
        "Records contacts and the people they concern.",
        Reach.EVERYONE,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.SEE_CONFIDENTIAL_ADDRESS,
                _C.RECORD_CONTACT,
                _C.RECORD_PERSON,
                _C.ADD_DOCUMENT,
            }
        ),
    ),
    Role(
        "front_door_manager",
        "front door manager",
        "Decides contacts, makes referrals and allocates them, and sees the front door's work.",
        Reach.EVERYONE,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.SEE_CONFIDENTIAL_ADDRESS,
                _C.RECORD_CONTACT,
                _C.RECORD_PERSON,
                _C.DECIDE_CONTACT,
                _C.ALLOCATE,
                _C.CORRECT_RECORD,
                _C.SEE_TEAM,
                _C.SEE_BOARD,
                _C.ADD_DOCUMENT,
                _C.DECIDE_DUPLICATES,
                _C.SEE_RETURNS,
            }
        ),
    ),
    Role(
        "social_worker",
        "social worker",
        "Sees children, adds people, and writes assessments and sends them for authorisation.",
        Reach.RELATED,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.SEE_CONFIDENTIAL_ADDRESS,
                _C.RECORD_PERSON,
                _C.WRITE_ASSESSMENT,
                _C.RECORD_PROTECTION,
                _C.ANSWER_INSTRUMENT,
                _C.ADD_DOCUMENT,
                _C.OPEN_WITH_REASON,
            }
        ),
    ),
    Role(
        "team_manager",
        "team manager",
        "Authorises or returns assessments, allocates, and sees and corrects the team's work.",
        Reach.RELATED,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.SEE_CONFIDENTIAL_ADDRESS,
                _C.RECORD_CONTACT,
                _C.RECORD_PERSON,
                _C.ALLOCATE,
                _C.WRITE_ASSESSMENT,
                _C.AUTHORISE_ASSESSMENT,
                _C.RECORD_PROTECTION,
                _C.CORRECT_RECORD,
                _C.SEE_TEAM,
                _C.SEE_BOARD,
                _C.ANSWER_INSTRUMENT,
                _C.ADD_DOCUMENT,
                _C.OPEN_WITH_REASON,
                _C.REVIEW_OPENINGS,
                _C.SEE_RETURNS,
            }
        ),
    ),
    Role(
        "performance_analyst",
        "performance analyst",
        "Reads the board, the entries and the children behind them, and downloads measures.",
        Reach.EVERYONE,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.SEE_BOARD,
                _C.DOWNLOAD_MEASURES,
                _C.SEE_RETURNS,
                _C.CHECK_FILE,
            }
        ),
    ),
    Role(
        "administrator",
        "administrator",
        "Manages accounts. Sees no child's record.",
        Reach.NOBODY,
        frozenset({_C.MANAGE_ACCOUNTS, _C.SEE_JOBS, _C.CHANGE_INSTRUMENTS}),
    ),
    Role(
        "records_officer",
        "records officer",
        "Restricts records, reviews who has looked and why, and decides which people are one.",
        Reach.EVERYONE,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.CORRECT_RECORD,
                _C.RESTRICT_RECORD,
                _C.REVIEW_OPENINGS,
                _C.SEE_WHO_LOOKED,
                _C.DECIDE_DUPLICATES,
                _C.ADD_DOCUMENT,
                _C.SEE_RETURNS,
                _C.CHECK_FILE,
                _C.TAKE_CENSUS,
            }
        ),
    ),
    Role(
        "designated_officer",
        "designated officer",
        "Holds concerns and allegations about people who work with children.",
        Reach.EVERYONE,
        frozenset({_C.SEE_CHILDREN, _C.ENTER_ALLEGATIONS, _C.ADD_DOCUMENT, _C.ANSWER_INSTRUMENT}),
    ),
    Role(
        "exploitation_coordinator",
        "exploitation coordinator",
        "Joins up what is known of exploitation: children, places and people.",
        Reach.EVERYONE,
        frozenset(
            {
                _C.SEE_CHILDREN,
                _C.ENTER_INTELLIGENCE,
                _C.ADD_DOCUMENT,
                _C.ANSWER_INSTRUMENT,
                _C.SEE_BOARD,
            }
        ),
    ),
    Role(
        "inspector",
        "inspector",
        "Reads records and the board for the time of an inspection, and changes nothing.",
        Reach.EVERYONE,
        frozenset({_C.SEE_CHILDREN, _C.SEE_BOARD}),
        time_limited=True,
    ),
)

_BY_CODE = {role.code: role for role in ROLES}


def role_for(code: str) -> Role:
    """The role with this code. Raises `KeyError` if there is none."""
    return _BY_CODE[code]


def roles_with(capability: Capability) -> tuple[Role, ...]:
    """The roles that hold a capability, in the order they are declared."""
    return tuple(role for role in ROLES if capability in role.capabilities)


def refusal(capability: Capability) -> NotAllowed:
    """The refusal to raise when a person lacks a capability: what it was, and who holds it."""
    return NotAllowed(
        gettext("Your role does not allow you to %(act)s.")
        % {"act": in_language(capability.value)},
        who=tuple(in_language(role.name) for role in roles_with(capability)),
    )


# ---- How a view says what it needs --------------------------------------------------------------


class SignedInRequest(HttpRequest):
    """What a view that is not `public` is given: a request whose sender is known."""

    user: "User"


@dataclass(frozen=True)
class Access:
    """What a view declares of itself."""

    capability: Capability | None = None
    signed_in: bool = True


PUBLIC = Access(signed_in=False)
SIGNED_IN = Access()


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view, as the URLconf holds it, declares; None if it declares nothing."""
    return getattr(view, "access", None)


def _declare(view: Any, access: Access) -> Any:
    if isinstance(view, type) and issubclass(view, View):
        return method_decorator(lambda dispatch: _declare(dispatch, access), "dispatch")(view)

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if access.capability and not request.user.can(access.capability):
            raise refusal(access.capability)
        return view(request, *args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]  # how the URLconf's walker reads it
    return guarded


def requires(capability: Capability) -> Callable[[Any], Any]:
    """Decorate a view, a function or a class, that only holders of the capability may use.

    Anyone else signed in gets a page that says what is not allowed and who may; anyone not signed
    in is sent to sign in, by Django's own default.
    """
    return lambda view: _declare(view, Access(capability))


def open_to_all_signed_in(view: Any) -> Any:
    """Decorate a view that every signed-in person may use, whatever their role."""
    return _declare(view, SIGNED_IN)


def public(view: Any) -> Any:
    """Decorate a view that needs no one signed in."""
    declared = _declare(view, PUBLIC)
    if isinstance(declared, type):
        return method_decorator(login_not_required, "dispatch")(declared)
    return login_not_required(declared)
