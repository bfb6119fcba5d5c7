"""A child in a list: the name, and the way to the child's page."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Child:
    """A child's name, and the child's page."""

    id: str
    name: str
    href: str


def child_of(child_id: str, name: str) -> Child:
    """A child's name, leading to the child's page."""
    return Child(child_id, name, reverse("people:child", args=[child_id]))
