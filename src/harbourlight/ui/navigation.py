"""The service's navigation: each page that belongs in it says so, with what it takes to see it.

A person is offered only what they may use. Whether they may is asked of them (`user.can`); what a
capability means is not known here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from harbourlight.ui.words import in_language


@dataclass(frozen=True)
class Item:
    """One link of the navigation. `capability` is None for what everyone signed in may see."""

    text: str
    url_name: str
    capability: Any
    order: int


_items: dict[str, Item] = {}


def register(text: str, url_name: str, capability: Any = None, *, order: int = 100) -> None:
    """Put a page in the navigation; call it from the app's `ready`. Lower orders come first."""
    _items[url_name] = Item(text, url_name, capability, order)


HeaderLink = Callable[[Any], dict[str, str]]
"""From a request: `href`, `text`, and `count` with `count_in_words`, or those empty."""

_header: list[HeaderLink] = []


def put_in_header(link_for: HeaderLink) -> None:
    """Put a link beside the person's name on every page; call it from the app's `ready`."""
    if link_for not in _header:
        _header.append(link_for)


def header_links_for(request: HttpRequest) -> list[dict[str, str]]:
    """The links beside the person's name."""
    return [link_for(request) for link_for in _header]


def items_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The links this person may use, for `govukServiceNavigation`.

    `current` is the page they are on; `active` the one whose address is the start of theirs.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    offered = [
        (in_language(item.text), reverse(item.url_name))
        for item in sorted(_items.values(), key=lambda item: (item.order, item.text))
        if item.capability is None or user.can(item.capability)
    ]
    within = [href for _, href in offered if href != "/" and request.path.startswith(href)]
    nearest = max(within, key=len, default=None)
    return [
        {
            "text": text,
            "href": href,
            "current": request.path == href,
            "active": href == nearest,
        }
        for text, href in offered
    ]
