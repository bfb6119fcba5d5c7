"""The environment that every template is rendered in: loaders, filters and what is always at hand.

It knows no domain. A name that does not exist is an error when it is printed, not a blank: only
the options that a GOV.UK macro was not given stay silent.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2.runtime import Undefined
from jinja2.utils import missing

from harbourlight.server.assets import STYLESHEETS
from harbourlight.ui import formats, navigation
from harbourlight.ui.words import in_language


class NoSilentBlank(Undefined):
    """A missing name or attribute raises when it is printed or looped over.

    A key missing from a mapping does not: the GOV.UK macros are written so, with their options as
    mappings of which any may be left out.
    """

    def _must_exist(self) -> None:
        if self._undefined_obj is missing or not isinstance(
            self._undefined_obj, Mapping | Undefined
        ):
            self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._must_exist()
        return super().__str__()

    def __iter__(self) -> Iterator[Any]:
        self._must_exist()
        return super().__iter__()


def language_tag(code: str = "") -> str:
    """A language as HTML writes it, `en-GB`: that of the page, where none is given."""
    return translation.to_locale(code or translation.get_language()).replace("_", "-")


def languages() -> list[dict[str, str]]:
    """The languages that a person may choose from, each by the name it has for itself."""
    return [
        {
            "code": code,
            "tag": language_tag(code),
            "name": translation.get_language_info(code)["name_local"].capitalize(),
        }
        for code, _ in settings.LANGUAGES
    ]


def environment(**options: Any) -> jinja2.Environment:
    """The environment, as Django's Jinja backend asks for it."""
    ours = options.pop("loader")
    env = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                ours,
                jinja2.PrefixLoader(
                    {"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}
                ),
            ]
        ),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        **options | {"autoescape": True, "undefined": NoSilentBlank},
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translation.gettext, translation.ngettext, newstyle=True
    )
    env.globals |= {
        "static": static,
        "stylesheets": lambda: STYLESHEETS,
        "url": lambda name, **named: reverse(name, kwargs=named or None),
        "navigation_for": navigation.items_for,
        "header_links_for": navigation.header_links_for,
        "messages_for": get_messages,
        "language": language_tag,
        "languages": languages,
        "page_made_at": timezone.now,  # for the foot of what is printed, and no rule
        "count_of": formats.count_of,
        "due_in_words": formats.due_in_words,
    }
    env.filters |= {
        "date_in_words": formats.date_in_words,
        "day_in_words": formats.day_in_words,
        "time_in_words": formats.time_in_words,
        "instant_in_words": formats.instant_in_words,
        "in_language": in_language,
        "in_list": formats.in_list,
        "in_sentence": formats.in_sentence,
    }
    return env
