"""Answers of the site's API as files: which day they are of, in which encoding, and why one is no answer."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from extractors.errors import PageChanged
from extractors.sources.hf_daily import SOURCE
from flows.demo.pages import hf_day_page, hf_item
from tests.support.pages import items_of, page_of
from transforms.listing.normalize import normalize_all
from transforms.records import Finding, Listing, Reason

DAY = date(2026, 1, 7)
EARLIER = date(2026, 1, 5)
READ_AT = datetime(2026, 1, 8, 12, tzinfo=UTC)


def read(body: str | bytes, name: str = "2026-01-07.json") -> Listing:
    page = page_of("hf_daily", body, fetched_at=READ_AT, url=f"file:{name}", media_type="application/json")
    (listing,) = SOURCE.parse(page)
    return listing


def refusal(body: str | bytes, name: str = "2026-01-07.json") -> str:
    with pytest.raises(PageChanged) as caught:
        read(body, name)
    return str(caught.value)


def listed(item: dict[str, Any], day: date | None) -> dict[str, Any]:
    named = {} if day is None else {"submittedOnDailyAt": f"{day}T04:00:00.000Z"}
    rest = {name: value for name, value in item["paper"].items() if not name.startswith("submittedOnDaily")}
    return {**item, "paper": {**rest, **named}}


def answer_of(days: list[date | None]) -> list[dict[str, Any]]:
    return [listed(item, day) for item, day in zip(items_of(DAY, range(len(days))), days, strict=True)]


def warned(listing: Listing, name: str) -> list[Finding]:
    return [each for each in listing.findings if each.check_name == name]


ITEMS = answer_of([DAY] * 4)
TEXT = json.dumps(ITEMS, ensure_ascii=False)


@pytest.mark.parametrize(
    "days",
    [
        [DAY, DAY, DAY, EARLIER, EARLIER],
        [DAY] * 12 + [EARLIER] * 2,
        [DAY] * 12 + [date(2025, 12, 1), EARLIER],
        [DAY, EARLIER],
        [DAY] * 5 + [None] * 9 + [EARLIER] * 2,
    ],
)
@pytest.mark.parametrize("name", ["2026-01-07.json", "all.json"])
def test_a_file_of_several_days_is_refused_with_their_numbers(days: list[date | None], name: str) -> None:
    message = refusal(json.dumps(answer_of(days)), name)
    assert f"{days.count(EARLIER)} of 2026-01-05" in message
    assert "one file a day" in message


@pytest.mark.parametrize("days", [[DAY, DAY, EARLIER], [DAY] * 38 + [EARLIER] * 2])
def test_a_single_item_of_another_day_is_warned_of_with_its_place(days: list[date | None]) -> None:
    (finding,) = warned(read(json.dumps(answer_of(days))), "listed_on_another_day")
    assert finding.observed == "2026-01-05"
    places = [place for place, day in enumerate(days) if day == EARLIER]
    assert finding.place == ", ".join(f"dailyPapers[{place}]" for place in places)


@pytest.mark.parametrize("told", [0, 1, 3])
def test_items_that_lost_their_day_are_read_under_the_day_in_the_name(told: int) -> None:
    listing = read(json.dumps(answer_of([DAY] * told + [None] * (4 - told))))
    assert (listing.partition_on, len(listing.entries)) == (DAY, 4)
    (finding,) = [each for each in warned(listing, "vanished_field") if "submittedOnDailyAt" in (each.place or "")]
    assert finding.observed == f"a day in {told} of 4"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("2025-01-07.json", "papers of about 2026-01"),
        ("2026-07-14.json", "papers of about 2026-01"),
        ("2025-12-31.json", "papers of about 2026-01"),
        ("answer.json", "neither"),
        ("2026-01-07_0900.json", "neither"),
    ],
)
def test_without_days_in_the_items_a_name_must_fit_the_ids(name: str, named: str) -> None:
    assert named in refusal(json.dumps(answer_of([None] * 4)), name)


@pytest.mark.parametrize(
    "clock", ["_0900", "T0900Z", "T09-30-00", " 09.30.12", " at 9.30", "-11pm", " 9:30", "_09\uff1a30", "_20240528"]
)
def test_a_clock_time_in_a_name_makes_it_no_list_day(clock: str) -> None:
    old = [listed(hf_item("2405.00001", "Old Kites", "An old abstract."), None)]
    assert "YYYY-MM-DD.json" in refusal(json.dumps(old), f"2024-05-28{clock}.json")


@pytest.mark.parametrize(
    "rest", [".json", " (1).json", "_1.json", "", "_papers.json", "__fetched_20240601T170000Z.json"]
)
def test_a_bare_date_in_a_name_is_the_list_day(rest: str) -> None:
    old = [listed(hf_item("2405.00001", "Old Kites", "An old abstract."), None)]
    assert read(json.dumps(old), f"papers_2024-05-28{rest}").partition_on == date(2024, 5, 28)


def test_two_dates_in_a_name_are_no_list_day() -> None:
    old = [listed(hf_item("2405.00001", "Old Kites", "An old abstract."), None)]
    assert "neither" in refusal(json.dumps(old), "2024-05-28 saved 2024-05-30.json")


@pytest.mark.parametrize("count", [50, 100])
def test_an_answer_as_long_as_a_limit_may_be_cut(count: int) -> None:
    (finding,) = warned(read(json.dumps(answer_of([DAY] * count))), "may_be_cut")
    assert finding.observed.startswith(f"{count} items")


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("lead", ["", "\r\n  "])
def test_json_is_read_in_every_encoding_of_unicode(encoding: str, lead: str) -> None:
    text = lead + TEXT.replace("Ines", "Ádám \u201c你好\u201d \u2013", 1)
    listing = read(text.encode(encoding))
    assert [entry.title for entry in listing.entries] == [item["paper"]["title"] for item in ITEMS]
    assert "Ádám \u201c你好\u201d \u2013" in " ".join(entry.said for entry in listing.entries)
    assert warned(listing, "nul_characters") == []


def test_json_in_no_encoding_of_unicode_is_read_as_windows_writes_it_with_a_warning() -> None:
    listing = read(TEXT.replace("Ines", "Zoë", 1).encode("cp1252"))
    assert "Zoë" in " ".join(entry.said for entry in listing.entries)
    assert len(warned(listing, "encoding")) == 1


def test_utf_16_with_half_a_character_is_refused_with_its_place() -> None:
    body = TEXT.encode("utf-16")
    assert "byte " in refusal(body[:-1])


@pytest.mark.parametrize("depth", [3_000, 200_000])
@pytest.mark.parametrize(
    "around", ["%s", '[{"paper": %s}]', '[{"paper": {"id": "2601.00001", "title": "T", "x": %s}}]']
)
def test_json_that_is_too_deep_is_refused_for_that(depth: int, around: str) -> None:
    assert "brackets within brackets" in refusal(around % ("[" * depth + "]" * depth))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (TEXT[:-40], "the file seems to be cut off"),
        (TEXT[: TEXT.index("Ines") + 2], "the file seems to be cut off"),
        (TEXT[:-1], "the file seems to be cut off"),
        (TEXT[: TEXT.index("false") + 3], "the file seems to be cut off"),
        ("\n".join(map(json.dumps, ITEMS)), "line 2, column 1 (Extra data): one item a line"),
        (TEXT + "\n<!-- saved -->", "line 2, column 1 (Extra data): more text follows"),
        (TEXT + TEXT, "more text follows"),
        (repr(ITEMS), "as Python prints objects"),
        (TEXT.replace('"numComments": ', '"numComments": None, "x": ', 1), "as Python prints objects"),
        ("[{}},{}, {}, {}]", "(Expecting ',' delimiter): get the file again"),
        (json.dumps({"papers": ITEMS, "date": "2026-01-07"}), "jq '.[\"papers\"]' FILE"),
        (json.dumps(ITEMS[0]), "a single item"),
        ("{}", "an object with nothing in it"),
        (json.dumps({"error": "Invalid date"}), "refusal 'Invalid date'"),
        (json.dumps([ITEMS]), "none of 1 readable, the first: dailyPapers[0]: Expected `object`, got `array`"),
        (json.dumps([item["paper"] for item in ITEMS]), "missing required field `paper`"),
    ],
)
def test_what_is_no_answer_is_told_with_its_place_and_what_to_do(text: str, named: str) -> None:
    assert named in refusal(text)


def test_authors_that_are_null_are_no_authors() -> None:
    items = [ITEMS[0], {**ITEMS[1], "paper": {**ITEMS[1]["paper"], "authors": None}}]
    assert [bool(entry.authors) for entry in read(json.dumps(items)).entries] == [True, False]


def test_two_values_of_one_name_are_warned_of_with_the_item() -> None:
    text = TEXT.replace('"upvotes": ', '"upvotes": 7, "upvotes": ').replace(
        '"title": ', '"title": "Other", "title": ', 1
    )
    found = [(each.place, each.observed.partition(" ")[0]) for each in warned(read(text), "doubled_name")]
    assert ("dailyPapers[0]", "'title'") in found
    assert [place for place, name in found if name == "'upvotes'"] == [f"dailyPapers[{place}]" for place in range(4)]


def test_one_value_twice_is_no_doubt() -> None:
    text = TEXT.replace('"upvotes": 90', '"upvotes": 90, "upvotes": 90')
    assert "90, " in text
    assert warned(read(text), "doubled_name") == []


@pytest.mark.parametrize("digits", [30, 101, 5_000])
def test_a_number_without_end_costs_its_item_alone(digits: int) -> None:
    listing = read(TEXT.replace('"upvotes": 90', f'"upvotes": {"9" * digits}', 1))
    sightings, rejections = normalize_all(listing, read_on=READ_AT.date())
    assert (len(sightings), len(rejections)) == (3, 1)


def test_a_page_whose_json_is_too_deep_is_no_fault_of_the_reader() -> None:
    page = hf_day_page(DAY, ITEMS).replace(
        "&quot;upvotes&quot;:", f"&quot;x&quot;:{'[' * 9_000},&quot;upvotes&quot;:", 1
    )
    assert "[[[" in page
    assert "expected embedded JSON" in refusal(page, "2026-01-07.html")


def test_an_item_of_another_shape_costs_itself_alone() -> None:
    listing = read(json.dumps([*ITEMS, [1, 2]]))
    assert (len(listing.entries), [each.reason for each in listing.rejections]) == (4, [Reason.UNREADABLE_ENTRY])
