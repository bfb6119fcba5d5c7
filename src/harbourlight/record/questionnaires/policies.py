"""What the state of a response allows, and why not."""

from django.utils.translation import gettext as _

from harbourlight.foundation.access import Capability
from harbourlight.foundation.accounts.models import User
from harbourlight.foundation.actions import Refused
from harbourlight.record.questionnaires.models import Response


def check_may_write(response: Response) -> None:
    """Raise `Refused`, with the reason, unless answers may still be written."""
    if response.is_struck_out:
        raise Refused(_("This was struck out as recorded in error"))
    if response.is_finished:
        raise Refused(
            _("This has been finished. What is wrong in it can be corrected, with a reason")
        )


def may_write(user: User, response: Response) -> bool:
    """Whether this person may go on writing it."""
    return (
        user.can(Capability.ANSWER_INSTRUMENT)
        and not response.is_finished
        and not response.is_struck_out
    )


def may_correct(user: User, response: Response) -> bool:
    """Whether this person may correct it: whoever answered it, or who corrects the record."""
    answered_it = user.can(Capability.ANSWER_INSTRUMENT) and response.recorded_by_id == user.pk
    return response.is_finished and (answered_it or user.can(Capability.CORRECT_RECORD))
