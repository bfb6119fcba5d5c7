"""A draft is its writer's alone."""

from django.utils import timezone

from harbourlight.foundation.drafts.models import Draft, keep_draft


def test_a_draft_is_reached_by_its_writer_alone_and_saved_over_itself(account) -> None:
    alice, bob = account("front_door_worker"), account("front_door_manager")
    draft = keep_draft(None, kind="contact", by=alice, at=timezone.now(), typed={"agency": "A"})
    keep_draft(draft, kind="contact", by=alice, at=timezone.now(), typed={"agency": "B"})
    assert [one.typed for one in Draft.objects.of(alice, "contact")] == [{"agency": "B"}]
    assert not Draft.objects.of(bob, "contact").exists()
    assert not Draft.objects.of(alice, "something else").exists()
