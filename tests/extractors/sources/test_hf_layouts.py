"""The daily list in every form that people have: the layout of 2024, saved copies, the API's answer, odd items."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import PageChanged, PageCut
from extractors.sources.hf_daily import SOURCE
from flows.demo.pages import hf_card, hf_day_page, hf_item, hf_page
from tests.support.pages import items_of, page_of
from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.records import Level, Listing, Page, Reason

DAY = date(2026, 1, 7)
READ_AT = datetime(2026, 1, 8, 12, tzinfo=UTC)


def read(body: str | bytes, **named: Any) -> Listing:
    (listing,) = SOURCE.parse(page_of("hf_daily", body, fetched_at=READ_AT, **named))
    return listing


def answer(items: list[Any], name: str = "2026-01-07.json", **named: Any) -> Listing:
    return read(json.dumps(items), url=f"file:{name}", media_type="application/json", **named)


def listed(item: dict[str, Any], day: date = DAY) -> dict[str, Any]:
    return {**item, "paper": {**item["paper"], "submittedOnDailyAt": f"{day}T04:00:00.000Z"}}


def unlisted(item: dict[str, Any]) -> dict[str, Any]:
    """As items were before 2025-03-17: without the day of their listing."""
    return {
        **item,
        "paper": {name: value for name, value in item["paper"].items() if not name.startswith("submittedOnDaily")},
    }


ITEMS = [listed(item) for item in items_of(DAY, range(4))]


def test_the_layout_of_2024_is_read_by_what_it_has_and_lacks() -> None:
    data = {"canSubmit": False, "date": f"{DAY}T00:00:00.000Z", "dailyPapers": ITEMS, "prevDate": "2026-01-06"}
    listing = read(hf_page(data, "\n".join(hf_card(item) for item in ITEMS)))
    assert (listing.partition_on, listing.is_closed, len(listing.entries)) == (DAY, False, 4)


@pytest.mark.parametrize("missing", ["isTrending", "query", "periodType"])
def test_a_page_that_lacks_only_a_part_of_what_later_layouts_have_is_refused(missing: str) -> None:
    data = {"dateString": str(DAY), "periodType": "day", "isTrending": False, "query": {}, "dailyPapers": ITEMS}
    del data[missing]
    with pytest.raises(PageChanged):
        read(hf_page(data, "\n".join(hf_card(item) for item in ITEMS)))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"periodType": "month", "dateString": "2026-01"}, "a month page, not a day page"),
        ({"isTrending": True}, "a trending page, not a day page"),
        ({"query": {"q": "kites"}}, "a search page, not a day page"),
    ],
)
def test_another_kind_of_page_is_named_with_its_file(changed: dict[str, Any], named: str) -> None:
    data = {"dateString": str(DAY), "periodType": "day", "isTrending": False, "query": {}, "dailyPapers": ITEMS}
    with pytest.raises(PageChanged, match=named) as caught:
        read(hf_page(data | changed, ""), url="file:saved by me.html")
    assert "saved by me.html" in str(caught.value)


@pytest.mark.parametrize("prefix", ["https://huggingface.co", "/web/20260109000000/https://huggingface.co"])
def test_links_that_a_browser_or_an_archive_made_absolute_are_the_same_cards(prefix: str) -> None:
    text = hf_day_page(DAY, ITEMS).replace('href="/', f'href="{prefix}/')
    assert [entry.arxiv_id for entry in read(text).entries] == [item["paper"]["id"] for item in ITEMS]


@pytest.mark.parametrize(
    "added", ["<!-- saved\n-->", "\n<script>var a = '<p>';</script>\n<!-- x --><style>p{}</style>"]
)
def test_what_an_archive_adds_behind_the_page_is_left_out(added: str) -> None:
    assert len(read(hf_day_page(DAY, ITEMS) + added).entries) == 4


ELEMENTS = {
    "element": '<div id="bar">saved</div>',
    "frame": '<iframe src="x" srcdoc="&lt;html&gt;"></iframe>',
    "custom element": "<a-helper data-x='1'></a-helper>",
    "text": "text",
    "script with an end in it": "<script>var page = '</html>';</script><p>more</p>",
    "comment without an end": "<!-- never closed",
}


@pytest.mark.parametrize("added", ELEMENTS.values(), ids=ELEMENTS)
def test_what_a_browser_adds_behind_a_saved_page_is_left_out_and_a_site_sends_nothing_there(added: str) -> None:
    assert len(read(hf_day_page(DAY, ITEMS) + added, url="file:saved.html").entries) == 4
    if "</html>" not in added:
        with pytest.raises(PageCut):
            read(hf_day_page(DAY, ITEMS) + added, asked_on=DAY)


TWICE = {
    "card": hf_card(ITEMS[0]),
    "page": "<!doctype html><html><body>",
    "list": "<div data-target='DailyPapers' data-props='{}'></div>",
    "card without an end": "<!-- <article class='x'>",
}


@pytest.mark.parametrize("added", TWICE.values(), ids=TWICE)
def test_more_of_a_list_behind_the_page_is_no_end(added: str) -> None:
    with pytest.raises(PageChanged):
        read(hf_day_page(DAY, ITEMS) + added, url="file:saved.html")


def test_a_card_that_a_cut_lost_is_told_whatever_stands_behind() -> None:
    text, tail = hf_day_page(DAY, ITEMS), "</html><div>bar</div>"
    for end in (text.rindex("<article"), text.rindex("<h3"), text.index("data-props") + 90):
        with pytest.raises(PageChanged):
            read(text[:end] + tail, url="file:saved.html")


def _upper(text: str) -> str:
    return re.sub(r"</?(?:article|div|h3|a|li|html)\b", lambda tag: tag[0].upper(), text)


SHRUNK = {
    "marker unquoted": lambda text: text.replace('data-target="DailyPapers"', "data-target=DailyPapers"),
    "apostrophes": lambda text: text.replace('data-target="DailyPapers"', "data-target='DailyPapers'"),
    "upper case": _upper,
    "all unquoted": lambda text: re.sub(r'="([\w/.:-]+)"', r"=\1", text),
}


@pytest.mark.parametrize("change", SHRUNK.values(), ids=SHRUNK)
def test_a_page_that_a_tool_has_shrunk_is_the_same_list(change: Any) -> None:
    text = hf_day_page(DAY, ITEMS)
    plain, shrunk = read(text), read(change(text), url="file:saved.html")
    assert change(text) != text
    assert shrunk.entries == plain.entries
    assert [each.check_name for each in shrunk.findings] == [each.check_name for each in plain.findings]


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_a_second_list_on_the_page_is_refused_however_it_is_written(quote: str) -> None:
    second = f'<div data-target={quote}DailyPapers{quote} data-props="{{}}"></div></main>'
    with pytest.raises(PageChanged, match="1 start tag"):
        read(hf_day_page(DAY, ITEMS).replace("</main>", second), url="file:saved.html")


@pytest.mark.parametrize("text", ["# Daily Papers\n\nKites\n", "<html><body><p>Daily Papers</p></body></html>"])
def test_a_text_copy_of_the_page_is_told_where_it_belongs(text: str) -> None:
    with pytest.raises(PageChanged, match="hf_listing_text"):
        read(text, url="file:copy.md")


def test_a_page_in_an_unknown_layout_is_called_so() -> None:
    data = {"date": str(DAY), "dateString": str(DAY), "dailyPapers": ITEMS}
    with pytest.raises(PageChanged, match="a page in an unknown layout"):
        read(hf_page(data, ""), url="file:saved.html")


def test_titles_that_differ_by_their_line_breaks_are_equal() -> None:
    items = [{**item, "title": item["title"].replace(" ", "\n  ", 1)} for item in ITEMS]
    assert [each.check_name for each in read(hf_day_page(DAY, items)).findings if "outer" in each.check_name] == []


def test_the_sites_own_words_and_claims_are_kept_apart() -> None:
    item = listed(hf_item("2601.00009", "A Title of Kites", "An abstract.", authors=("Ada Example", "Bo Example")))
    item["thumbnail"] = "https://example.org/kite.png"
    item["paper"] |= {"ai_summary": "Kites  fly.", "ai_keywords": ["kites", " wind "]}
    item["paper"]["authors"][1]["status"] = "claimed_verified"
    (sighting,), _ = normalize_all(answer([item]), read_on=READ_AT.date())
    assert (sighting.site_summary, sighting.site_keywords) == ("Kites fly.", ("kites", "wind"))
    assert sighting.thumbnail_url == "https://example.org/kite.png"
    assert [(claim.name, claim.status) for claim in sighting.author_claims] == [("Bo Example", "claimed_verified")]
    assert sighting.abstract_text == "An abstract."


def test_an_answer_is_a_partial_reading_that_closes_nothing() -> None:
    listing = answer(ITEMS)
    assert (listing.partition_on, listing.is_partial, listing.is_closed) == (DAY, True, False)
    assert (listing.previous_on, listing.next_on, len(listing.entries)) == (None, None, 4)


def test_the_items_tell_the_day_of_an_answer_whose_name_does_not() -> None:
    assert answer(ITEMS, name="answer.json").partition_on == DAY


def test_an_older_answer_has_its_day_from_its_name_alone() -> None:
    items = [unlisted(hf_item("2405.00001", "Old Kites", "An old abstract."))]
    assert answer(items, name="2024-05-28.json").partition_on == date(2024, 5, 28)
    with pytest.raises(PageChanged, match="YYYY-MM-DD"):
        answer(items, name="old.json")


@pytest.mark.parametrize(
    ("items", "named"),
    [
        ([listed(item, date(2026, 1, 6)) for item in items_of(DAY, range(3))], "2026-01-06"),
        (
            [listed(item, date(2026, 1, 5 + place)) for place, item in enumerate(ITEMS[:3])],
            "1 of 2026-01-05, 1 of 2026",
        ),
        (["{'paper': {'id': '2601.00001'}}"] * 3, "3 strings as Python prints objects"),
        ([listed({"paper": {}})], r"none of 1 readable, the first: dailyPapers\[0\]: paper.id is missing"),
        ([], "an empty list"),
    ],
)
def test_an_answer_that_contradicts_itself_or_is_none_is_refused_by_name(items: list[Any], named: str) -> None:
    with pytest.raises(PageChanged, match=named):
        answer(items)


def test_an_object_instead_of_a_list_is_refused_by_its_fields() -> None:
    with pytest.raises(PageChanged, match="an object with data, status"):
        read(json.dumps({"status": "ok", "data": []}), url="file:2026-01-07.json", media_type="application/json")


def test_an_answer_of_the_usual_limit_may_be_cut() -> None:
    names = [finding.check_name for finding in answer([listed(item) for item in items_of(DAY, range(50))]).findings]
    assert "may_be_cut" in names


def test_a_field_that_answers_of_that_day_have_warns_where_it_vanished() -> None:
    items = [listed(item) for item in items_of(DAY, range(12))]
    for item in items:
        del item["paper"]["ai_summary"]
    without = [each.place for each in answer(items).findings if each.check_name == "vanished_field"]
    assert "dailyPapers[].paper.ai_summary" in without
    early = answer([unlisted(hf_item("2405.00001", "Old Kites", "Old."))] * 12, name="2024-05-28.json")
    assert "dailyPapers[].paper.ai_summary" not in [each.place for each in early.findings]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_an_answer_and_a_page_are_the_same_in_every_encoding(encoding: str) -> None:
    items = [{**item, "title": f"Café “{place}”"} for place, item in enumerate(ITEMS)]
    for item in items:
        item["paper"] = {**item["paper"], "title": item["title"]}
    bodies = {"2026-01-07.json": json.dumps(items, ensure_ascii=False), "day.html": hf_day_page(DAY, items)}
    for name, text in bodies.items():
        plain = read(text, url=f"file:{name}")
        if encoding == "cp1252":
            text = text.replace('<meta charset="utf-8" />', "")  # noqa: PLW2901 - the page would say another thing
        other = read(text.encode(encoding), url=f"file:{name}", media_type="text/plain")
        assert [entry.title for entry in other.entries] == [entry.title for entry in plain.entries]
        told = {each.check_name for each in other.findings} - {each.check_name for each in plain.findings}
        assert told == ({"encoding"} if encoding == "cp1252" else set())
        assert other.page_sha256 != plain.page_sha256


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a": ' * 50_000 + "1" + "}]" * 50_000])
def test_json_without_a_bottom_is_the_pages_fault(text: str) -> None:
    with pytest.raises(PageChanged):
        read(text, url="file:2026-01-07.json", media_type="application/json")


@pytest.mark.parametrize("bad", ['"upvotes": NaN', '"upvotes": 1e999'])
def test_a_number_that_is_no_json_costs_its_item_alone(bad: str) -> None:
    text = re.sub(r'"upvotes": \d+', bad, json.dumps(ITEMS), count=1)
    listing = read(text, url="file:2026-01-07.json", media_type="application/json")
    assert (len(listing.entries), [each.reason for each in listing.rejections]) == (3, [Reason.UNREADABLE_ENTRY])


def test_half_an_emoji_in_a_name_costs_nothing() -> None:
    text = json.dumps(ITEMS).replace("Ada", "A\\ud83da", 1)
    listing = read(text, url="file:2026-01-07.json", media_type="application/json")
    sightings, rejections = normalize_all(listing, read_on=READ_AT.date())
    assert (len(sightings), rejections) == (4, ())


def test_a_date_outside_the_calendar_costs_its_item_alone() -> None:
    items = [*ITEMS[:3], listed(hf_item("2601.00099", "T", "A", published="0001-01-01T00:30:00+23:00"))]
    sightings, rejections = normalize_all(answer(items), read_on=READ_AT.date())
    assert (len(sightings), [each.reason for each in rejections]) == (3, [Reason.BAD_DATE])


@pytest.mark.parametrize("count", [2, 3, 4, 5, 9])
def test_one_odd_entry_of_few_is_warned_of_and_the_others_load(count: int) -> None:
    items = [listed(item) for item in items_of(DAY, range(count))]
    items[1]["paper"] = {**items[1]["paper"], "authors": []}
    listing = read(hf_day_page(DAY, items))
    found = check(listing, *normalize_all(listing, read_on=READ_AT.date()), SOURCE.expectations)
    assert [each.level for each in found if each.check_name == "filled_authors"] == [Level.WARNING]


@pytest.mark.parametrize(("count", "odd"), [(1, 1), (2, 2), (3, 2), (5, 2), (12, 3)])
def test_more_than_one_of_few_or_a_share_of_many_still_stops_the_load(count: int, odd: int) -> None:
    items = [listed(item) for item in items_of(DAY, range(count))]
    for place in range(odd):
        items[place]["paper"] = {**items[place]["paper"], "authors": []}
    listing = read(hf_day_page(DAY, items))
    found = check(listing, *normalize_all(listing, read_on=READ_AT.date()), SOURCE.expectations)
    assert [each.level for each in found if each.check_name == "filled_authors"] == [Level.ERROR]


@pytest.mark.shared_data
def test_the_page_of_2024_gives_the_rows_of_its_own_json(shared_data: Path) -> None:
    (path,) = (shared_data / "hf_daily_2024").glob("*.html")
    body = path.read_bytes()
    page = Page(
        source="hf_daily", asked_on=None, url=f"file:{path.name}", final_url=f"file:{path.name}", fetched_at=READ_AT,
        media_type="text/html", body=body, sha256="0" * 64,
    )  # fmt: skip
    (listing,) = SOURCE.parse(page)
    text = body.decode()
    start = text.index('data-props="', text.index('data-target="DailyPapers"')) + len('data-props="')
    items = json.loads(unescape(text[start : text.index('"', start)]))["dailyPapers"]
    assert listing.partition_on == date(2024, 8, 1)
    assert [(entry.arxiv_id, entry.title, entry.abstract, len(entry.authors)) for entry in listing.entries] == [
        (item["paper"]["id"], item["paper"]["title"], item["paper"]["summary"], len(item["paper"]["authors"]))
        for item in items
    ]
    assert len(items) == 13


@pytest.mark.shared_data
def test_every_archived_answer_is_read_or_refused_by_name(shared_data: Path) -> None:
    refused, counts = [], {}
    for path in sorted((shared_data / "hf_api").glob("*.json")):
        page = page_of("hf_daily", path.read_bytes(), url=f"file:{path.name}", media_type="application/json")
        try:
            (listing,) = SOURCE.parse(page)
        except PageChanged as error:
            refused.append((path.stem, str(error).rpartition("found ")[2]))
            continue
        assert str(listing.partition_on) == path.stem
        counts[path.stem] = (len(listing.entries), len(listing.rejections))
    assert refused == [("2024-12-11", "26 strings as Python prints objects")]
    independent = {
        path.stem: (len(json.loads(path.read_bytes())), 0) for path in (shared_data / "hf_api").glob("*.json")
    }
    assert counts == {day: rows for day, rows in independent.items() if day != "2024-12-11"}
