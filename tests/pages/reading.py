"""A page as its reader takes it in: the sections by their headings, and the text of each."""

from collections.abc import Mapping
from typing import Any

from lxml import html


def main_of(answer: Any) -> html.HtmlElement:
    """The part of the page that is the page's own."""
    return html.fromstring(answer.content).get_element_by_id("main-content")


def text_of(part: html.HtmlElement) -> str:
    """All the words, with one space between."""
    return " ".join(" ".join(part.itertext()).split())


def section(answer: Any, key: str) -> str:
    """The words of the section that the heading with this id names; empty where there is none."""
    found = main_of(answer).xpath(f"//section[@aria-labelledby='{key}']")
    return text_of(found[0]) if found else ""


def links(answer: Any) -> Mapping[str, str]:
    """Where each link of the page leads, by its words."""
    return {text_of(link): link.get("href") for link in main_of(answer).xpath(".//a[@href]")}


def rows(answer: Any, key: str = "") -> list[list[str]]:
    """The words of each cell, row by row, of the tables in a section or the whole page."""
    where = f"//section[@aria-labelledby='{key}']" if key else ""
    return [
        [text_of(cell) for cell in row.xpath("./th|./td")]
        for row in main_of(answer).xpath(f"{where}//tbody/tr")
    ]
