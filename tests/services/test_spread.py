"""A backfill whose pages other machines fetch: all of them, also where one dies in between or none is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.spread import IN_A_ROW, REQUESTS_PER_SECOND, House, archive_of
from tests.support.services import PostgresServer, S3Server

pytestmark = [pytest.mark.services, pytest.mark.prefect, pytest.mark.timeout(400)]

DAYS = 44
# So much later than it was sent one request may come, and the last of a row not.
LATE_SECONDS = 0.5


@pytest.fixture
def house(postgres_server: PostgresServer, s3_server: S3Server, tmp_path: Path) -> House:
    postgres_server.start()
    s3_server.start()
    return House(postgres=postgres_server, s3=s3_server, folder=tmp_path)


@pytest.mark.parametrize(("fetchers", "is_killed", "again_at_most"), [(2, False, 0), (2, True, 4), (0, False, 0)])
def test_each_page_is_fetched_once_whoever_fetches_it(
    house: House, fetchers: int, is_killed: bool, again_at_most: int
) -> None:
    done = house.spread("few", archive_of(DAYS), 0.5, fetchers, is_killed=is_killed)
    assert done.digests[0] == done.digests[1], done.said
    assert len(done.log.asked) - done.log.again == DAYS
    assert done.log.again <= again_at_most
    assert done.log.fastest(IN_A_ROW) > (IN_A_ROW - 1) / REQUESTS_PER_SECOND - LATE_SECONDS
