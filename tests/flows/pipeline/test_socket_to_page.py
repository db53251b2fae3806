"""Hosts that answer one day with anything but its page, or every day with a login: what a person sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY, site
from tests.support.commands import Command, Done, paperlog_in, rows_of
from tests.support.environment import environment_of
from tests.support.raw_host import RawHost, page, raw_host, redirect, then_closed

WEEK = ("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY)
TEN_DAYS = ("ingest", "hf_daily", "--from", MONDAY, "--to", MONDAY + timedelta(days=9))
LOGIN = b"<html><head><title>Sign in</title></head><body><form><input type=password></form></body></html>"


def path_of(day: date) -> str:
    return f"/papers/date/{day}"


def bodies() -> dict[str, bytes]:
    return {path: answer.body for path, answer in site().items() if answer.body}


@pytest.fixture
def host() -> Iterator[RawHost]:
    with raw_host({path: page(body) for path, body in bodies().items() if path.startswith("/papers")}) as made:
        yield made


@pytest.fixture
def run(host: RawHost, tmp_path: Path) -> Command:
    return partial(paperlog_in, environment_of(tmp_path, host.url, PAPERLOG_FETCHES_AT_ONCE="1"))


def ended(done: Done, code: int) -> Done:
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    return done


@pytest.mark.parametrize(
    "answer",
    [
        redirect(b"http://[::1"),
        redirect("http://℀.com/".encode()),
        redirect(b"\xff"),
        redirect(b"http://" + b"a" * 64 + b".example/"),
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1000 + b"\r\n",
    ],
    ids=["bracket", "normalised", "bytes", "label", "no HTTP", "headers"],
)
def test_one_day_with_a_bad_answer_fails_and_the_other_days_load(host: RawHost, run: Command, answer: bytes) -> None:
    host.answers[path_of(MONDAY)] = then_closed(answer)
    ended(run(*WEEK), 1)
    rows = rows_of(run, "select partition_on::varchar as day, status, cause from runs order by 1")
    assert [(row["status"], row["cause"]) for row in rows] == [("failed", "bad_answer"), *[("loaded", None)] * 4]


def test_a_length_of_5000_digits_fails_that_day_alone(host: RawHost, run: Command) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n<html>"
    host.answers[path_of(MONDAY)] = then_closed(cut)
    ended(run(*WEEK), 1)
    assert rows_of(run, "select status, count(*) as n from runs group by all order by all") == [
        {"status": "failed", "n": 1},
        {"status": "loaded", "n": 4},
    ]


def test_a_bad_answer_to_robots_is_told_and_nothing_is_asked(host: RawHost, run: Command) -> None:
    host.answers["/robots.txt"] = redirect(b"http://[::1")
    done = ended(run("ingest", "hf_daily", "--date", MONDAY), 1)
    assert "robots.txt cannot be read" in done.err
    assert rows_of(run, "select status, cause from runs") == [{"status": "failed", "cause": "bad_answer"}]
    assert set(host.paths()) == {"/robots.txt"}


@pytest.mark.parametrize(
    "answer",
    [redirect(b"/login?next=%2Fpapers"), redirect(b"https://accounts.example.org/signin"), page(LOGIN)],
    ids=["redirect", "another host", "200"],
)
def test_a_login_on_every_day_is_blocked_and_asked_four_times(host: RawHost, run: Command, answer: bytes) -> None:
    for offset in range(10):
        host.answers[path_of(MONDAY + timedelta(days=offset))] = answer
    ended(run(*TEN_DAYS), 1)
    assert rows_of(run, "select status, cause, count(*) as n from runs group by all") == [
        {"status": "failed", "cause": "blocked", "n": 4}
    ]
    assert len(host.paths()) == 5


def test_a_list_with_a_login_in_its_corner_is_a_list(host: RawHost, run: Command) -> None:
    body = bodies()[path_of(MONDAY)]
    form = b'<form action="/login"><input type="password" name="p"></form>'
    host.answers[path_of(MONDAY)] = page(body.replace(b"<main", form + b"<main", 1))
    ended(run("ingest", "hf_daily", "--date", MONDAY), 0)
    assert rows_of(run, "select status from runs") == [{"status": "loaded"}]


def test_a_login_page_with_200_is_not_kept(host: RawHost, run: Command, tmp_path: Path) -> None:
    host.answers[path_of(MONDAY)] = page(LOGIN)
    ended(run("ingest", "hf_daily", "--date", MONDAY), 1)
    assert not list(tmp_path.rglob("*.zst"))


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_wants_a_day_of_rest_gets_it_from_every_command(host: RawHost, run: Command, status: int) -> None:
    told = b"HTTP/1.1 %d No\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n" % status
    host.answers[path_of(MONDAY)] = told
    done = ended(run(*WEEK), 1)
    assert "no request until" in done.err
    assert "remove " in done.err
    assert len(host.paths()) == 2
    host.answers[path_of(MONDAY)] = page(bodies()[path_of(MONDAY)])
    done = ended(run(*WEEK), 1)
    assert "no request until" in done.err
    assert len(host.paths()) == 2
    causes = rows_of(run, "select distinct cause from runs")
    assert causes == [{"cause": "rate_limited"}]
    Path(done.err.partition("remove ")[2].split()[0]).unlink()
    ended(run(*WEEK), 0)


@pytest.mark.parametrize("media_type", ["application/octet-stream", "binary/octet-stream", ""])
def test_a_mirror_without_media_types_is_read(host: RawHost, run: Command, media_type: str) -> None:
    for path, body in bodies().items():
        kind = f"Content-Type: {media_type}\r\n" if media_type else ""
        host.answers[path] = f"HTTP/1.1 200 OK\r\n{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body
    ended(run("ingest", "hf_daily", "--date", MONDAY), 0)
    ended(run("ingest", "weekly_review", "--date", MONDAY), 0)
    assert rows_of(run, "select distinct status from runs") == [{"status": "loaded"}]


def test_a_validator_that_cannot_be_sent_back_blames_nobody(host: RawHost, run: Command) -> None:
    host.answers[path_of(MONDAY)] = page(bodies()[path_of(MONDAY)], b'ETag: \x0b"a"', b'Last-Modified: \x0b"a"')
    for _ in range(2):
        ended(run("ingest", "hf_daily", "--date", MONDAY), 0)
    assert host.paths().count(path_of(MONDAY)) == 2


def test_a_kept_page_that_was_damaged_is_fetched_anew_and_not_only_confirmed(
    host: RawHost, run: Command, home: Path
) -> None:
    host.answers[path_of(MONDAY)] = page(bodies()[path_of(MONDAY)], b'ETag: "a"')
    ended(run("ingest", "hf_daily", "--date", MONDAY), 0)
    (kept,) = (home / "landing").rglob("*.zst")
    whole = kept.read_bytes()
    kept.write_bytes(b"damaged")
    ended(run("ingest", "hf_daily", "--date", MONDAY), 0)
    assert kept.read_bytes() == whole
    ended(run("ingest", "hf_daily", "--date", MONDAY), 0)
    asked = [head for head in host.heads if path_of(MONDAY) in head]
    assert ["if-none-match" in head.lower() for head in asked] == [False, False, True]


def test_a_folder_of_the_pace_that_others_can_write_is_named(monday: Command, tmp_path: Path) -> None:
    folder = tmp_path / "pace"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    done = ended(monday("ingest", "hf_daily", "--date", MONDAY), 1)
    assert f"{folder} can be written by other users" in done.err
    assert "PAPERLOG_PACE" in done.err
    ended(monday("status"), 0)
