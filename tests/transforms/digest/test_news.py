from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from transforms.digest.interests import Choice
from transforms.digest.news import Look, Selection, Told, selection, told_with, wishes_of
from transforms.digest.readers import DigestReader, Interests
from transforms.digest.records import DigestPaper, News, Place, Reason

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
EVERYONE = DigestReader(name="anna", title="Anna's papers")
LOOKED = Look(until_on=FRIDAY, newest={"hf_daily": FRIDAY, "weekly_review": date(2026, 2, 23)})


def paper(number: int, *places: Place, upvotes: int | None = None, first_on: date | None = None) -> DigestPaper:
    return DigestPaper(
        paper_key=f"p_{number}",
        record=f"hf_daily/2026-03-02/-/2603.{number:05}",
        title=f"Paper {number}",
        upvotes=upvotes,
        first_on=first_on or min(each.partition_on for each in places),
        places=places,
    )


def listed(day: date, source: str = "hf_daily") -> Place:
    return Place(source=source, partition_on=day, position=1)


def reviewed(monday: date) -> Place:
    return Place(source="weekly_review", partition_on=monday, partition_days=7, position=1, is_review=True)


def everything(one: DigestPaper) -> Choice:
    return Choice(score=1.0, reasons=(Reason(kind="all", text=f"all papers, also {one.title}"),))


def chosen(
    papers: Sequence[DigestPaper],
    *,
    reader: DigestReader = EVERYONE,
    told: Mapping[str, Sequence[Told]] | None = None,
    before: Look | None = LOOKED,
    upvotes_before: Mapping[str, int] | None = None,
) -> Selection:
    looked = before and replace(before, wishes=before.wishes or wishes_of(reader.interests))
    return selection(reader, papers, everything, told or {}, looked, upvotes_before or {})


def news_of(one: DigestPaper, **given: object) -> list[News]:
    return [each.news for each in chosen([one], **given).items]  # type: ignore[arg-type]  # the test's own names


def told_of(one: DigestPaper, what: str = "paper", *, upvotes: int | None = None) -> Mapping[str, Sequence[Told]]:
    told = Told(what=what, record=one.record, paper_key=one.paper_key, upvotes=upvotes, told_on=TUESDAY)
    return {one.paper_key: (told,)}


def test_the_first_look_finds_nothing_late() -> None:
    assert news_of(paper(1, listed(MONDAY)), before=None) == [News.NEW]


def test_a_paper_of_a_day_after_the_last_list_is_new() -> None:
    assert news_of(paper(1, listed(date(2026, 3, 9)))) == [News.NEW]


def test_a_paper_of_a_day_that_was_over_at_the_last_look_is_late() -> None:
    assert news_of(paper(1, listed(TUESDAY))) == [News.LATE]


def test_a_list_that_was_open_at_the_last_look_may_grow_without_being_late() -> None:
    growing = replace(LOOKED, still_open=frozenset({f"hf_daily/{FRIDAY}"}))

    assert news_of(paper(1, listed(FRIDAY)), before=growing) == [News.NEW]
    assert news_of(paper(1, listed(FRIDAY))) == [News.LATE]


def test_a_source_that_had_nothing_yet_brings_old_days_late_and_its_present_day_in_time() -> None:
    assert news_of(paper(1, listed(MONDAY, "arxiv_announced"))) == [News.LATE]
    assert news_of(paper(1, listed(FRIDAY, "arxiv_announced"))) == [News.NEW]


def test_a_review_of_a_paper_that_was_told_is_told_once() -> None:
    one = paper(1, listed(MONDAY), reviewed(MONDAY))

    assert news_of(one, told=told_of(one)) == [News.REVIEWED]
    assert (
        news_of(one, told={"p_1": (*told_of(one)["p_1"], *told_of(one, "review/weekly_review/2026-03-02")["p_1"])})
        == []
    )


def test_a_review_that_a_new_paper_has_already_is_told_with_it() -> None:
    one = paper(1, listed(date(2026, 3, 9)), reviewed(date(2026, 3, 2)))
    (item,) = chosen([one]).items

    assert item.news is News.NEW
    assert set(told_with(item)) == {"paper", "review/weekly_review/2026-03-02"}


def test_a_review_of_an_old_paper_is_a_review_and_not_a_new_paper() -> None:
    assert news_of(paper(1, reviewed(MONDAY), first_on=date(2025, 7, 1))) == [News.REVIEWED]


def test_a_review_is_new_where_nobody_listed_the_paper() -> None:
    assert news_of(paper(1, reviewed(MONDAY))) == [News.NEW]


def test_upvotes_gained_since_a_paper_was_told_are_told_once() -> None:
    reader = replace(EVERYONE, rises=50)
    one = paper(1, listed(MONDAY), upvotes=61)

    assert news_of(one, reader=reader, told=told_of(one, upvotes=11)) == [News.ROSE]
    assert news_of(one, reader=reader, told=told_of(one, upvotes=12)) == []
    assert news_of(one, told=told_of(one, upvotes=11)) == []
    risen = {"p_1": (*told_of(one, upvotes=11)["p_1"], *told_of(one, "rise", upvotes=61)["p_1"])}
    assert news_of(replace(one, upvotes=500), reader=reader, told=risen) == []


def test_a_paper_that_reached_the_readers_upvotes_since_the_last_look_rose() -> None:
    reader = replace(EVERYONE, interests=Interests(upvotes=20))
    one = paper(1, listed(MONDAY), upvotes=25)

    assert news_of(one, reader=reader, upvotes_before={"p_1": 4}) == [News.ROSE]
    assert news_of(one, reader=reader, upvotes_before={"p_1": 21}) == [News.LATE]
    assert news_of(one, reader=reader) == [News.LATE]


def test_versions_after_the_reader_was_told_are_told_once_where_they_are_wished_for() -> None:
    reader = replace(EVERYONE, versions=True)
    one = replace(paper(1, listed(MONDAY)), latest_version=2, latest_version_on=FRIDAY)

    assert news_of(one, reader=reader, told=told_of(one)) == [News.VERSION]
    assert news_of(one, told=told_of(one)) == []
    assert news_of(replace(one, latest_version_on=MONDAY), reader=reader, told=told_of(one)) == []
    known = {"p_1": (*told_of(one)["p_1"], *told_of(one, "version/2")["p_1"])}
    assert news_of(one, reader=reader, told=known) == []


def test_a_paper_that_fits_since_the_interests_changed_is_no_late_one() -> None:
    other = replace(LOOKED, wishes=wishes_of(Interests(words=("looms",))))
    (item,) = chosen([paper(1, listed(TUESDAY))], before=other).items

    assert (item.news, item.detail) == (News.NEW, "fits since your interests changed")


def test_what_has_no_room_is_named_as_left_out_and_never_lost() -> None:
    papers = [paper(each, listed(date(2026, 3, 9)), upvotes=each) for each in range(5)]
    found = chosen(papers, reader=replace(EVERYONE, at_most=2))

    assert [each.paper.paper_key for each in found.items] == ["p_4", "p_3"]
    assert [each.paper.paper_key for each in found.left_out] == ["p_2", "p_1", "p_0"]


def test_new_papers_come_before_late_ones_whatever_their_score() -> None:
    late, new = paper(1, listed(MONDAY), upvotes=900), paper(2, listed(date(2026, 3, 9)), upvotes=1)

    assert [each.paper for each in chosen([late, new]).items] == [new, late]


def test_entry_keys_are_made_of_the_smallest_record_and_not_of_the_key() -> None:
    (item,) = chosen([paper(7, listed(date(2026, 3, 9)))]).items

    assert item.entry_key == "paper/hf_daily/2026-03-02/-/2603.00007"
