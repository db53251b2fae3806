"""Where a request may go: the address at the other end of the socket counts, not what the name resolved to before."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from extractors.errors import PermanentFetchError
from extractors.http.fetcher import Fetcher
from extractors.http.origin import is_public
from extractors.source import PageRequest
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.raw_host import RawHost, page, raw_host, redirect

PAGE = b"<html><head><title>Daily Papers</title></head><body>text</body></html>"
PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",  # the deprecated form of 127.0.0.1
        "::5db8:d822",
        "::ffff:127.0.0.1",
        "::ffff:192.168.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::7f00:1",  # NAT64 of a local network
        "2002:7f00:1::1",  # 6to4
        "2002:a9fe:a9fe::1",
        "2002:c0a8:1::",
        "2001:0:5db8:d822:0:0:80ff:fffe",  # Teredo
        "2606:2800::5efe:127.0.0.1",  # ISATAP
        "2606:2800::200:5efe:10.0.0.1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "4000::1",
    ],
)
def test_an_address_outside_the_public_internet_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC,
        "8.8.8.8",
        "2606:2800:220:1::1",
        "2a00:1450:4001:80b::200e",
        f"::ffff:{PUBLIC}",
        f"64:ff9b::{PUBLIC}",
        "2002:5db8:d822::1",
    ],
)
def test_an_address_of_the_public_internet_is_known(address: str) -> None:
    assert is_public(address)


def seen_as(addresses: dict[str, str]) -> Callable[[socket.socket], str]:
    """The address at the other end, as if the loopback addresses of a test were others."""
    return lambda connected: addresses.get(connected.getpeername()[0], connected.getpeername()[0])


def fetcher(addresses: dict[str, str], *, names: dict[str, str] | None = None, token: str | None = None) -> Fetcher:
    return Fetcher(
        "x",
        token=token,
        requests_per_second=1000,
        retries=0,
        timeouts=(patient(5), patient(5)),
        resolve=lambda host: [(names or {}).get(host, host)],
        peer_of=seen_as(addresses),
    )


def request(host: RawHost) -> PageRequest:
    return PageRequest(source="hf_daily", asked_on=date(2026, 1, 7), url=f"{host.url}/page")


@pytest.fixture
def inside() -> Iterator[RawHost]:
    with raw_host({"/page": page(PAGE), "/other": page(PAGE)}, address="127.0.0.2") as made:
        yield made


def test_a_name_that_was_public_when_checked_and_is_private_when_connected_gets_nothing(inside: RawHost) -> None:
    with raw_host({"/page": redirect(f"{inside.url}/page".encode())}) as outside:
        lied = {"127.0.0.2": "93.184.216.35"}  # what the resolver said a moment before
        session = fetcher({"127.0.0.1": PUBLIC}, names=lied)
        with session, pytest.raises(PermanentFetchError, match=r"private network, to 127\.0\.0\.2"):
            session.fetch(request(outside))
    assert inside.heads == []


def test_a_host_whose_own_name_turns_to_a_private_address_gets_nothing(inside: RawHost) -> None:
    """The redirect keeps the host: only the port and, behind the name, the address are others."""
    with raw_host({}) as outside:
        outside.answers["/page"] = redirect(f"http://localhost:{inside.port}/page".encode())
        seen = {"127.0.0.1": PUBLIC}
        session = fetcher(seen, names={"localhost": PUBLIC})
        asked = PageRequest(source="hf_daily", asked_on=None, url=f"http://localhost:{outside.port}/page")
        with session:
            outside.answers["/page"] = page(PAGE)
            session.fetch(asked)
            seen.clear()
            outside.answers["/page"] = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
            before = len(outside.heads)
            with pytest.raises(PermanentFetchError, match="private network"):
                session.fetch(asked)
    assert len(outside.heads) == before


def test_a_private_host_given_by_the_settings_is_asked_and_may_redirect_inside(inside: RawHost) -> None:
    with raw_host({"/page": redirect(f"{inside.url}/other".encode())}) as first, fetcher({}) as session:
        assert session.fetch(request(first)).body == PAGE


def test_a_private_host_may_redirect_outside(inside: RawHost) -> None:
    session = fetcher({"127.0.0.2": PUBLIC}, names={"127.0.0.2": PUBLIC})
    with raw_host({"/page": redirect(f"{inside.url}/other".encode())}) as first, session:
        assert session.fetch(request(first)).body == PAGE


def test_the_token_goes_in_clear_text_to_no_public_address_whatever_the_name_said(inside: RawHost) -> None:
    session = fetcher({"127.0.0.2": PUBLIC}, token="secret-token")  # noqa: S106 - an invented one
    with session, pytest.raises(PermanentFetchError, match="clear text"):
        session.fetch(request(inside))
    assert not any("secret-token" in head for head in inside.heads)


PROGRAM = """
from extractors.errors import PermanentFetchError
from extractors.http.fetcher import Fetcher
from extractors.source import PageRequest
from tests.support.raw_host import page, raw_host, redirect

with raw_host({"/page": page(b"secret")}, address="127.0.0.2") as inside:
    target = redirect(f"http://inside.example:{inside.port}/page".encode())
    with raw_host({"/page": target}, address="93.184.216.34") as outside:
        names = {"inside.example": "93.184.216.34"}
        session = Fetcher("x", requests_per_second=1000, retries=0, resolve=lambda host: [names.get(host, host)])
        try:
            session.fetch(PageRequest(source="hf_daily", asked_on=None, url=f"{outside.url}/page"))
        except PermanentFetchError as error:
            print(error.why)
        print(len(outside.heads), len(inside.heads))
"""


def test_with_real_addresses_of_both_kinds_nothing_is_sent_inside(tmp_path: object) -> None:
    """A network of its own, in which a public address and a lying name are real."""
    hosts = f"{tmp_path}/hosts"
    with open(hosts, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("127.0.0.2 inside.example\n")
    script = (
        f"mount --bind {hosts} /etc/hosts && ip link set lo up && ip address add {PUBLIC}/32 dev lo"
        f" && exec '{sys.executable}' -c '{PROGRAM}'"
    )
    command = ["unshare", "--net", "--mount", "--map-root-user", "sh", "-c", script]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patient(60), check=False)
    except FileNotFoundError:
        pytest.skip("no network of its own can be had here")
    if done.returncode != 0 and "Traceback" not in done.stderr:
        pytest.skip(f"no network of its own can be had here: {done.stderr.strip()}")
    assert "leads into a private network, to 127.0.0.2" in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "2 0"
