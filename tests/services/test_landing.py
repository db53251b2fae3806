"""Pages in a bucket: found by their index and never by listing, kept once whoever keeps them, told from each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from extractors.errors import LandingError, UnreadableError
from extractors.landing.decisions import partition_decisions
from extractors.landing.landing import Kept, Landing
from extractors.landing.storage import BucketAddress, Folder, Storage
from flows.places.landing import Place
from tests.support.lakes import REGION
from tests.support.services import S3Server
from transforms.records import Page, PartitionDecision

pytestmark = [pytest.mark.services, pytest.mark.timeout(120)]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)
RACERS, RACES = 8, 10


def page(number: int = 0, body: str | None = None) -> Page:
    text = (body or f"<html>{number}</html>").encode()
    return Page(
        source="hf_daily" if number % 3 else "arxiv_announced:cs.CL",
        asked_on=DAY + timedelta(days=number),
        url=f"https://example.org/{number}",
        final_url=f"https://example.org/{number}",
        fetched_at=NOON + timedelta(hours=number),
        media_type="text/html",
        body=text,
        sha256=hashlib.sha256(text).hexdigest(),
    )


def reopened(postgres: str, bucket_prefix: str, server: S3Server) -> Storage:
    bucket = BucketAddress(
        url=f"{bucket_prefix}/landing",
        endpoint=server.endpoint,
        region=REGION,
        key=server.key,
        secret=server.secret,
    )
    return Place(folder="unused", bucket=bucket, lake=f"ducklake:postgres:{postgres}?data={bucket_prefix}/lake").storage


@pytest.fixture
def opened(postgres: str, bucket_prefix: str, s3_server: S3Server) -> Callable[[], Storage]:
    """The bucket as another process opens it."""
    return lambda: reopened(postgres, bucket_prefix, s3_server)


def changed(conninfo: str, statement: bytes, *values: str) -> None:
    """Change the index behind its back."""
    import psycopg  # noqa: PLC0415 (needs the extra)

    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(statement, values or None)


def clocked(storage: Storage) -> Landing:
    moments = (NOON + timedelta(minutes=number) for number in range(1000))
    return Landing(storage, now=lambda: next(moments))


def test_a_bucket_keeps_and_finds_what_a_folder_does(opened: Callable[[], Storage], tmp_path: Path) -> None:
    storages: list[Storage] = [Folder(tmp_path), opened()]
    asked: list[list[object]] = []
    for storage in storages:
        landing = clocked(storage)
        for number in range(9):
            landing.keep(page(number))
        landing.keep(page(4))
        found = Landing(storage if isinstance(storage, Folder) else opened())
        asked.append(
            [
                found.readings(),
                found.readings("arxiv_announced"),
                found.readings("hf_daily", DAY, DAY + timedelta(days=4)),
                found.asked("hf_daily", [DAY + timedelta(days=1), DAY + timedelta(days=99)]),
                found.latest("hf_daily", DAY + timedelta(days=4)),
                found.latest("hf_daily", DAY),
                found.names("hf_daily"),
                [found.load(kept).body for kept in found.readings()],
            ]
        )
    assert asked[0] == asked[1]
    assert [len(each) for each in asked[0][:4] if isinstance(each, list)] == [9, 3, 3, 1]


def test_of_several_that_keep_the_same_at_once_one_does(opened: Callable[[], Storage]) -> None:
    barrier = Barrier(RACERS)

    def keep(race: int) -> tuple[bool, Kept]:
        storage = opened()
        barrier.wait()
        first = storage.create(f"pages/hf_daily/race/{race}", b"the same")
        return first, Landing(storage).keep(page(race))

    with ThreadPoolExecutor(RACERS) as racers:
        for race in range(RACES):
            done = list(racers.map(keep, [race] * RACERS))
            assert sum(is_first for is_first, _ in done) == 1
            assert len({kept for _, kept in done}) == 1
    assert len(Landing(opened()).readings()) == RACES


def test_nothing_is_found_by_listing_until_the_upkeep_does(opened: Callable[[], Storage], postgres: str) -> None:
    landing = Landing(opened())
    kept = [landing.keep(page(number)) for number in range(4)]
    changed(postgres, b"delete from paperlog_landing.notes where name like %s", f"%{kept[1].sha256[:16]}%")
    assert Landing(opened()).readings() == [kept[0], *kept[2:]]  # its process died before it was in the index
    assert opened().index_anew() == (1, ())
    assert Landing(opened()).readings() == kept
    assert opened().index_anew() == (0, ())


def test_one_that_is_not_in_the_index_is_found_once_it_is_kept_again(
    opened: Callable[[], Storage], postgres: str
) -> None:
    kept = Landing(opened()).keep(page(1))
    changed(postgres, b"delete from paperlog_landing.notes")
    assert Landing(opened()).keep(page(1)) == kept
    assert Landing(opened()).readings() == [kept]


def test_a_lost_index_is_made_again_from_the_bucket(opened: Callable[[], Storage], postgres: str) -> None:
    landing = Landing(opened())
    kept = [landing.keep(page(number)) for number in range(4)]
    changed(postgres, b"drop schema paperlog_landing cascade")
    assert Landing(opened()).readings() == kept


def test_what_only_the_index_has_is_named(opened: Callable[[], Storage], postgres: str) -> None:
    Landing(opened()).keep(page(1))
    changed(postgres, b"update paperlog_landing.notes set name = 'gone.json'")
    found, lost = opened().index_anew()
    assert (found, lost) == (1, ("readings/hf_daily/gone.json",))


def test_a_damaged_page_is_told_and_healed_by_the_next_reading(opened: Callable[[], Storage]) -> None:
    storage = opened()
    landing = Landing(storage)
    kept = landing.keep(page(1))
    name = landing.shown(kept).removeprefix(f"{landing.address}/")
    storage.replace(name, b"damaged")
    with pytest.raises(LandingError, match="the kept page is damaged"):
        landing.load(kept)
    landing.keep(page(1))
    assert landing.load(kept).body == page(1).body
    storage.remove(name)
    with pytest.raises(LandingError, match=f"{name}: the kept page is missing"):
        landing.load(kept)


def test_a_server_that_is_away_is_no_damage(opened: Callable[[], Storage], s3_server: S3Server) -> None:
    landing = Landing(opened())
    kept = landing.keep(page(1))
    s3_server.stop()
    try:
        with pytest.raises(UnreadableError, match="cannot be read now"):
            landing.load(kept)
        with pytest.raises(OSError, match="s3://"):
            landing.keep(page(2))
    finally:
        s3_server.start()
    assert landing.load(kept).body == page(1).body
    assert Landing(opened()).readings() == [kept]


def test_an_index_that_is_away_is_no_damage(
    opened: Callable[[], Storage], postgres: str, bucket_prefix: str, s3_server: S3Server
) -> None:
    Landing(opened()).keep(page(1))
    away = reopened(postgres.replace("dbname=", "dbname=no_"), bucket_prefix, s3_server)
    with pytest.raises(OSError, match="its index in PostgreSQL cannot be asked") as caught:
        Landing(away).readings()
    assert not isinstance(caught.value, LandingError)


def test_decisions_are_kept_in_order_and_taken_back(opened: Callable[[], Storage]) -> None:
    decisions = [
        PartitionDecision(
            decided_at=NOON - timedelta(hours=number),
            source="hf_daily",
            partition_on=DAY + timedelta(days=number),
            is_lost=True,
            reason="gone",
        )
        for number in range(3)
    ]
    partition_decisions(opened()).keep(decisions)
    partition_decisions(opened()).keep(decisions[:1])
    assert list(partition_decisions(opened()).all()) == decisions[::-1]
    partition_decisions(opened()).take_back(decisions[1:])
    assert partition_decisions(opened()).all() == (decisions[0],)
    assert opened().index_anew() == (0, ())
