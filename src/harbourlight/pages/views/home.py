"""Where a person starts."""

from django.http import HttpResponse
from django.shortcuts import redirect

from harbourlight.foundation.access import SignedInRequest, open_to_all_signed_in

STARTS = {
    "front_door_worker": "pages:my_work",
    "front_door_manager": "pages:my_work",
    "social_worker": "pages:my_work",
    "team_manager": "pages:team",
    "performance_analyst": "pages:board",
    "administrator": "accounts",
    "records_officer": "confidentiality:restricted",
    "designated_officer": "people:search",
    "exploitation_coordinator": "people:search",
    "inspector": "pages:board",
}
"""The page each role opens on, by the role's code; a test holds it to the roles there are."""


@open_to_all_signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """Send a person to where their work begins."""
    return redirect(STARTS[request.user.role])
