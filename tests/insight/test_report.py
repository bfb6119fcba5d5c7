import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from lxml import html

from harbourlight.insight.process_behaviour import behaviour, good_direction
from harbourlight.insight.report import Report, Unanswered, render, section
from harbourlight.insight.report.contents import LISTED
from harbourlight.standards.catalogue import CATALOGUE
from harbourlight.standards.standard import Outcome
from tests.insight.series import ORDINARY, months
from tests.ledger.made_ledgers import entry, ledger_of

AS_AT = date(2025, 3, 31)
ASSESSMENT, RE_REFERRAL, DECISION = (CATALOGUE[c] for c in ("ASM-45", "REREF-12M", "REF-DEC"))
LEDGER = ledger_of(
    [
        *(
            entry(
                "ASM-45",
                Outcome.OVERDUE,
                about_id=f"A{place:03}",
                child_id=f"C{place:03}",
                began=date(2024, 10, 1) + timedelta(days=place),
                due=date(2025, 1, 2) + timedelta(days=place),
            )
            for place in range(LISTED + 3)
        ),
        entry("ASM-45", Outcome.MET, began=date(2024, 4, 2), due=date(2024, 6, 5)),
        *[entry("ASM-45", Outcome.CANNOT_TELL, detail="The referral is not held.")] * 2,
        entry("ASM-45", Outcome.NOT_APPLICABLE, detail="It ended before this was due."),
        *(
            entry(
                "REREF-12M",
                Outcome.OVERDUE,
                about="referral",
                about_id=f"R{place}",
                child_id=f"K{place}",
                began=date(2025, 2, place),
                due=date(2025, 2, place),
            )
            for place in (1, 2, 3)
        ),
    ]
)


def section_of(standard, counts=ORDINARY, complete_from=None, whole_from=None):
    chart = behaviour(months(counts), good_direction(standard.kind), as_at=AS_AT)
    return section(
        standard,
        LEDGER,
        chart,
        as_at=AS_AT,
        charted_from=date(2022, 4, 1),
        complete_from=complete_from,
        whole_from=whole_from,
    )


REPORT = Report(
    title="A made-up authority",
    as_at=AS_AT,
    complete_to=None,
    latest=date(2025, 3, 28),
    sections=(section_of(ASSESSMENT), section_of(RE_REFERRAL)),
    unanswered=(Unanswered(DECISION, DECISION.needs),),
    read={"ssd_person": 1204, "ssd_cin_episodes": 2310},
    remarks=("Three elements were not read.",),
)


@pytest.fixture(scope="module")
def page():
    return html.document_fromstring(render(REPORT))


def text_of(element):
    return " ".join(" ".join(element.itertext()).split())


def test_the_report_is_one_page_that_asks_for_nothing_else(page):
    written = render(REPORT)
    assert written.startswith("<!DOCTYPE html>")
    assert "<script" not in written
    assert "@import" not in written
    assert "url(" not in written
    addresses = {value for element in page.iter() for value in element.xpath("@src|@href")}
    assert all(address.startswith("#") for address in addresses)
    # The only address in it is the name of the language its pictures are written in.
    assert set(re.findall(r"https?://[^\"'<> ]+", written)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_every_part_can_be_reached_and_none_is_named_twice(page):
    names = Counter(page.xpath("//@id"))
    assert max(names.values()) == 1
    assert {address[1:] for address in page.xpath("//a/@href")} <= set(names)


def test_it_is_laid_out_for_those_who_hear_it(page):
    assert page.get("lang") == "en-GB"
    levels = [int(tag.tag[1]) for tag in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(cell.get("scope") for cell in page.xpath("//th"))
    pictures = page.xpath("//*[local-name()='svg']")
    assert len(pictures) == 4
    for picture in pictures:
        assert picture.xpath("./*[local-name()='title']")
        assert picture.get("role") == "img"


def test_the_summary_gives_each_standard_its_counts_and_its_share(page):
    row = page.xpath("//section[1]/preceding::tr[th/a[@href='#ASM-45']]")[0]
    assert [text_of(cell) for cell in row] == [
        "Assessment within 45 working days",
        "81% (977 of 1,200) April 2024 to March 2025",
        *("1", "0", "53", "0", "2", "1"),
    ]
    row = page.xpath("//tr[th/a[@href='#REREF-12M']]")[0]
    assert [text_of(cell) for cell in row[2:]] == ["3", "0", "0", "0"]


def test_a_standard_gives_its_duty_clock_source_and_caveat(page):
    said = text_of(page.get_element_by_id("ASM-45"))
    assert ASSESSMENT.duty in said
    assert "45 working days, from the day the child was referred" in said
    assert "DfE, Children in need census 2023 to 2024 guide v1.0, s4.9 (read in the source)" in said
    assert ASSESSMENT.note in said
    assert "Ordinary month-to-month variation around 81%" in said
    assert "A made-up authority. By the month it fell due, April 2024 to March 2025." in said


def rows_under(page, code, caption):
    (table,) = page.get_element_by_id(code).xpath(f".//table[contains(caption, '{caption}')]")
    return [[text_of(cell) for cell in row] for row in table.xpath(".//tbody/tr")]


def test_the_months_are_in_a_table_with_the_latest_first(page):
    rows = rows_under(page, "ASM-45", "By month")
    assert len(rows) == 12
    assert rows[0] == ["March 2025", "82", "100", "82%", "0", "Ordinary"]


def test_what_is_past_due_is_listed_longest_first_and_what_is_left_out_is_counted(page):
    rows = rows_under(page, "ASM-45", "longest past due 50. 3 more are in ledger.parquet")
    assert len(rows) == LISTED
    # 2 January to 31 March 2025 is 62 weekdays after the first, and no bank holiday.
    assert rows[0] == ["C000", "Assessment", "A000", "1 October 2024", "2 January 2025", "62"]


def test_what_happened_is_listed_latest_first_and_is_not_called_due(page):
    rows = rows_under(page, "REREF-12M", "Latest first")
    assert [row[0] for row in rows] == ["K3", "K2", "K1"]
    assert rows[0] == ["K3", "Referral", "R3", "3 February 2025"]


def test_why_entries_were_not_judged_is_counted(page):
    said = text_of(page.get_element_by_id("ASM-45"))
    assert "Cannot tell. The referral is not held. 2" in said
    assert "Does not apply. It ended before this was due. 1" in said


def test_what_cannot_be_answered_says_what_is_lacking_in_words(page):
    said = text_of(page.get_element_by_id("unanswered"))
    assert "Decision within one working day REF-DEC" in said
    assert "Decided at" in said
    assert "hl_decisions.hlde_decided_at" in said


def test_what_was_read_and_how_it_was_made_are_said(page):
    read, made = (text_of(page.get_element_by_id(name)) for name in ("read", "made"))
    assert "ssd_person 1,204" in read
    assert "Three elements were not read." in read
    assert "The latest thing they record happened on 28 March 2025." in read
    assert "2.66 times the average change" in made


def said_by(**changed):
    return text_of(html.document_fromstring(render(replace(REPORT, **changed))))


def test_months_a_source_holds_in_part_are_left_out_and_said_to_be():
    answered = section_of(ASSESSMENT, complete_from=date(2024, 2, 1), whole_from=date(2024, 4, 1))
    said = said_by(sections=(answered,))
    assert "Months before April 2024 are left out" in said
    assert "only from 1 February 2024" in said
    reaches_back = section_of(
        ASSESSMENT, complete_from=date(2021, 1, 1), whole_from=date(2021, 4, 1)
    )
    assert "are left out" not in said_by(sections=(reaches_back,))
    unanswered_yet = section_of(
        ASSESSMENT, (), complete_from=date(2025, 3, 1), whole_from=date(2025, 6, 1)
    )
    said = said_by(sections=(unanswered_yet,), complete_to=date(2026, 2, 28))
    assert "No whole month to show yet" in said
    assert "The first month these files can answer for in full is June 2025" in said
    assert "only from 1 March 2025 to 28 February 2026" in said


@pytest.mark.parametrize(
    ("complete_to", "latest", "warning"),
    [
        (date(2025, 3, 30), None, "These files end on 30 March 2025, before the day asked for."),
        (AS_AT, date(2024, 1, 1), None),
        (None, date(2025, 3, 16), "Nothing in these files is dated after 16 March 2025"),
        (None, date(2025, 3, 17), None),
        (None, None, None),
    ],
)
def test_files_that_end_before_the_day_asked_for_are_said_to(complete_to, latest, warning):
    said = said_by(complete_to=complete_to, latest=latest)
    assert (warning in said) if warning else ("before the day asked for" not in said)


def test_a_source_that_answers_nothing_still_says_what_it_lacks():
    said = said_by(sections=())
    assert "can answer no standard" in said
    assert "What this source cannot answer" in said


def test_words_from_a_source_are_words_on_the_page():
    hostile = "</style><script>alert(1)</script>"
    row = entry("ASM-45", Outcome.OVERDUE, child_id=hostile, began=AS_AT, due=AS_AT, detail=hostile)
    chart = behaviour(months(ORDINARY), good_direction(ASSESSMENT.kind), as_at=AS_AT)
    answered = section(
        ASSESSMENT,
        ledger_of([row]),
        chart,
        as_at=AS_AT,
        charted_from=AS_AT,
        complete_from=None,
        whole_from=None,
    )
    written = render(
        replace(REPORT, title=hostile, sections=(answered,), remarks=(hostile,), unanswered=())
    )
    assert "<script" not in written
    assert "&lt;/style&gt;&lt;script&gt;" in written
