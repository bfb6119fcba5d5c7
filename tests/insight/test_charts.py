from datetime import date
from itertools import pairwise

import pytest
from lxml import etree

from harbourlight.insight.charts import COLOURS, GREY, INK, SHAPES, Size, draw
from harbourlight.insight.findings import find
from harbourlight.insight.process_behaviour import Direction, Variation, behaviour
from harbourlight.standards.catalogue import CATALOGUE
from tests.insight.series import LATER, ORDINARY, months

STANDARD = CATALOGUE["ASM-45"]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(held, direction=Direction.HIGHER, as_at=LATER, name="Assessments", **given):
    chart = behaviour(held, direction, as_at=as_at)
    return draw(chart, find(chart, STANDARD), name=name, **given)


def words(picture):
    return [text.text for text in etree.fromstring(picture).iter(f"{SVG}text", f"{SVG}tspan")]


def test_a_chart_stands_alone_and_asks_the_page_for_nothing():
    picture = drawn(months([*ORDINARY, 40]))
    root = etree.fromstring(picture)
    assert root.get("viewBox").startswith("0 0 720 ")
    assert (root.get("width"), root.get("height"), root.get("role")) == (None, None, "img")
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == "Assessments. Worse than ordinary in April 2025"
    assert "below the lower limit" in root[1].text
    assert root.get("aria-labelledby") == root[0].get("id")
    for forbidden in ("style", "<script", "url(", "@import", "<image", "<a ", "vega.github.io"):
        assert forbidden not in picture


def test_every_identifier_is_the_charts_own():
    pictures = [
        drawn(months(ORDINARY), name=name, size=size)
        for name in ("Assessments", "Conferences")
        for size in Size
    ]
    found = [e.get("id") for p in pictures for e in etree.fromstring(p).iter() if e.get("id")]
    assert len(found) == len(set(found)) == 8


def test_the_mean_and_the_limits_are_named_on_their_lines_with_their_values():
    assert {"Upper limit 93%", "Mean 81%", "Lower limit 70%"} <= set(words(drawn(months(ORDINARY))))
    trial = words(drawn(months(ORDINARY[:8])))
    assert any(text and text.startswith("Trial upper") for text in trial)
    assert not any("limit" in (text or "") for text in words(drawn(months(ORDINARY[:5]))))


def test_names_of_lines_that_coincide_are_set_apart():
    root = etree.fromstring(drawn(months([100] * 12)))
    heights = sorted(
        float(text.get("transform").split(",")[1].rstrip(")"))
        for text in root.iter(f"{SVG}text")
        if "100%" in (text.text or "") and text.get("text-anchor") == "start"
    )
    assert len(heights) == 3
    assert min(b - a for a, b in pairwise(heights)) >= 14


def test_an_unusual_month_differs_by_shape_as_well_as_colour_and_is_in_the_key():
    assert len(set(SHAPES.values())) == len(set(COLOURS.values())) == len(Variation)
    picture = drawn(months([*ORDINARY, 40]))
    assert {"Ordinary", "Concern"} <= set(words(picture))
    assert COLOURS[Variation.CONCERN].lower() in picture.lower()
    assert "Concern" not in words(drawn(months(ORDINARY)))


@pytest.mark.parametrize("colour", [*COLOURS.values(), INK, GREY])
def test_what_is_drawn_stands_out_from_the_page_three_to_one(colour):
    def light(part):
        part = int(part, 16) / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (light(colour[at : at + 2]) for at in (1, 3, 5))
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3


def test_a_share_is_drawn_to_a_hundred_unless_it_is_of_what_should_not_happen():
    rare = months([10, 12, 8, 11, 9, 12, 10, 11])
    assert "100%" in words(drawn(rare))
    assert "100%" not in words(drawn(rare, Direction.LOWER, full_scale=False))


def test_every_month_opens_the_entries_behind_it_and_says_what_it_opens():
    picture = drawn(
        months([*ORDINARY, None, 40]), link=lambda month: f"/board/?month={month}&of=<all>"
    )
    root = etree.fromstring(picture)
    links = root.findall(f".//{SVG}a")
    assert len(links) == 13
    assert links[-1].get("href") == "/board/?month=2025-05-01&of=<all>"
    assert links[0].get("aria-label") == "April 2024: 80%, 80 of 100"
    assert links[-1].get("aria-label") == (
        "May 2025: 40%, 40 of 100. Concern: below the lower limit"
    )
    assert root.get("role") == "group"
    assert "style" not in picture


def test_a_gap_breaks_the_line():
    def strokes(held):
        lines = [
            path.get("d")
            for path in etree.fromstring(drawn(held)).iter(f"{SVG}path")
            if path.get("stroke") == INK
        ]
        return sum(line.count("M") for line in lines)

    assert strokes(months(ORDINARY)) == 1
    assert strokes(months([*ORDINARY[:6], None, *ORDINARY[6:]])) == 2


def test_the_running_month_is_drawn_hollow():
    held = months([*ORDINARY, 60])
    assert 'fill="white"' in drawn(held, as_at=date(2025, 4, 2))
    assert 'fill="white"' not in drawn(held)


def test_what_has_nothing_to_draw_is_not_drawn():
    assert drawn([]) == drawn(months([None, None])) == ""


def test_words_from_elsewhere_are_words_in_the_picture():
    picture = drawn(months(ORDINARY), name='<script>alert("1")</script>')
    assert "<script" not in picture
    assert etree.fromstring(picture)[0].text.startswith("<script>")


def test_a_single_month_and_ten_years_can_both_be_drawn():
    assert drawn(months([50]))
    assert len([text for text in words(drawn(months([80, 90] * 60))) if text == "Jan"]) >= 8
