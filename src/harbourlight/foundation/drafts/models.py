"""Drafts: what a person has typed in a form and not yet sent. Each is one person's alone.

A draft is known by the key its form carries (`submission`), so that it ends when that form is
acted on, wherever it was sent from, and two tabs of one form are two drafts. It is not part of the
record: nothing is counted, exported or decided from it, and it leaves no history when it is thrown
away.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.http import QueryDict

from harbourlight.foundation.ids import new_id
from harbourlight.foundation.submissions.models import Submission
from harbourlight.ui.forms.resuming import as_resumed

if TYPE_CHECKING:
    from harbourlight.foundation.accounts.models import User

OUR_OWN = ("csrfmiddlewaretoken", "draft-")
"""Beginnings of the names of what a form carries that was not typed."""


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, by whose they are."""

    def of(self, user: "User") -> "DraftQuerySet":
        """This person's, the one saved last first. What was sent meanwhile is none any more."""
        sent = Submission.objects.filter(key=models.OuterRef("submission"))
        return self.filter(~models.Exists(sent), owner=user).order_by("-saved_at", "id")

    def begun_at(self, address: str) -> "DraftQuerySet":
        """Those of the form at an address."""
        return self.filter(address=address)


class Draft(models.Model):
    """What one person has typed in one form and not yet sent."""

    id = models.CharField(primary_key=True, max_length=48, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submission = models.UUIDField()
    """The key the form carries."""
    address = models.CharField(max_length=2000)
    """Where the form is: identifiers alone, as in every address."""
    title = models.CharField(max_length=300)
    """The heading of the page it was typed in."""
    typed = models.JSONField(default=dict)
    """By the name of each box, the list of what it holds."""
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "submission"], name="drafts_draft_one_a_form")
        ]
        indexes = [models.Index(fields=["owner", "-saved_at"], name="drafts_draft_of_owner")]

    def __str__(self) -> str:
        return str(self.pk)

    def shown(self, **instead: list[str]) -> QueryDict:
        """What was typed, for a form to show again unjudged; `instead` of what some boxes held."""
        return as_resumed(self.typed | instead)


def keep_draft(sent: QueryDict, *, by: "User", at: datetime, address: str) -> Draft | None:
    """Save what is typed in a form as it was sent, over what was saved of the same form.

    Returns None where the form was acted on already: there is nothing to keep.
    """
    try:
        key = uuid.UUID(sent.get("submission", ""))
    except ValueError:  # lost or altered on the way: the words are kept all the same
        key = uuid.uuid4()
    if Submission.objects.filter(key=key).exists():
        return None
    typed = {name: values for name, values in sent.lists() if not name.startswith(OUR_OWN)}
    kept = {
        "address": address,
        "title": sent.get("draft-title", "")[:300],
        "typed": typed | {"submission": [str(key)]},
        "saved_at": at,
    }
    draft, _ = Draft.objects.update_or_create(
        owner=by, submission=key, defaults=kept, create_defaults=kept | {"begun_at": at}
    )
    return draft
