"""The API's answers beside the pages of the same days: one paper each, nothing closed and nothing lost by an answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from flows.demo.pages import hf_day_page
from flows.demo.site import FRIDAY, MONDAY, Answer
from tests.flows.conftest import Site
from tests.support.commands import Command
from tests.support.pages import items_of
from tests.support.places import DATA

DAY = date(2026, 1, 7)
PAGE_FIRST = ("2026-01-07__fetched_20260107T180000Z.html", "answer__fetched_20260108T060000Z.json")
ANSWER_FIRST = ("answer__fetched_20260107T060000Z.json", "2026-01-07__fetched_20260107T180000Z.html")
SHARED = {
    "2026-02-20": (13, 23),
    "2026-03-27": (16, 29),
    "2026-04-10": (35, 42),
    "2026-05-13": (50, 71),
    "2026-06-01": (49, 62),
}
"""Ids in the answer of that morning, and on the page that was read later."""
READ_AT = {
    "2026-02-20": "08:23", "2026-03-27": "08:28", "2026-04-10": "08:55", "2026-05-13": "10:07", "2026-06-01": "13:16",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("names", [PAGE_FIRST, ANSWER_FIRST])
def test_an_answer_adds_and_takes_nothing_in_either_order(
    paperlog: Command, tmp_path: Path, names: tuple[str, str]
) -> None:
    items = [
        {**item, "paper": {**item["paper"], "submittedOnDailyAt": f"{DAY}T04:00:00.000Z"}}
        for item in items_of(DAY, range(6))
    ]
    for name in names:
        body = json.dumps(items[3:]) if name.endswith(".json") else hf_day_page(DAY, items, next_on=date(2026, 1, 8))
        (tmp_path / name).write_text(body, encoding="utf-8")
        assert paperlog("adopt", "hf_daily", tmp_path / name).code == 0
    (row,) = json.loads(
        paperlog("sql", "--json", "select state, entries_count from partitions where partition_on = '2026-01-07'").out
    )
    assert row == {"state": "open", "entries_count": 6}
    lost = paperlog("sql", "--json", "select count(*) as lost from sightings where not is_listed").out
    assert json.loads(lost) == [{"lost": 0}]
    places = paperlog("sql", "--json", "select list(position order by position) as places from sightings").out
    assert json.loads(places) == [{"places": [1, 2, 3, 4, 5, 6]}]


def test_cards_alone_are_no_green_run(paperlog: Command, digest: Site) -> None:
    page = hf_day_page(MONDAY, items_of(MONDAY, range(6)), next_on=FRIDAY, with_json=False)
    digest.answers[f"/papers/date/{MONDAY}"] = Answer(media_type="text/html", body=page.encode())
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert done.code == 1
    assert "1 DEGRADED, from cards alone" in done.out
    assert "read from its cards alone" in done.err
    runs = json.loads(paperlog("sql", "--json", "select status, cause from runs").out)
    assert runs == [{"status": "loaded", "cause": "degraded_cards_only"}]


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_answers_of_real_days_are_a_part_of_their_pages(paperlog: Command) -> None:
    for day, clock in READ_AT.items():
        file = DATA / "hf_api" / f"{day}.json"
        paperlog("adopt", "hf_daily", file, "--fetched-at", f"{day}T{clock}:00Z", "--no-publish")
    assert paperlog("adopt", "hf_daily", DATA / "hf_daily", "--quiet").code == 0
    query = """
        select s.partition_on::varchar as day, count(*)::integer as on_page,
            count(*) filter (where s.is_listed)::integer as listed,
            count(distinct m.paper_key) filter (where strftime(m.observed_at, '%Y-%m-%d') = s.partition_on::varchar
                and m.observed_at < s.partition_on + interval 14 hour)::integer as in_answer
        from sightings as s
        left join metrics as m on m.paper_key = s.paper_key and m.metric = 'upvotes' and m.partition_on = s.partition_on
        group by all
    """
    found = {row["day"]: row for row in json.loads(paperlog("sql", "--json", query).out)}
    papers = json.loads(
        paperlog("sql", "--json", "select count(*) - count(distinct arxiv_id) as twice from papers").out
    )
    assert papers == [{"twice": 0}]
    for day, (in_answer, on_page) in SHARED.items():
        ids = {row["paper"]["id"] for row in json.loads((DATA / "hf_api" / f"{day}.json").read_bytes())}
        assert len(ids) == in_answer == found[day]["in_answer"]
        query = f"select count(distinct arxiv_id) as n from sightings where partition_on = '{day}' and is_listed"  # noqa: S608
        assert json.loads(paperlog("sql", "--json", query).out) == [{"n": on_page}]
