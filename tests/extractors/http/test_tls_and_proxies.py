"""TLS and proxies as the environment says: certificates are checked, a proxy is used, and no secret is shown."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from extractors.errors import PermanentFetchError, TransientFetchError
from extractors.http.body import Bounds
from extractors.http.fetcher import Fetcher
from extractors.source import PageRequest
from tests.support.patience import patient
from tests.support.raw_host import RawHost, page, raw_host, redirect, slowly

PAGE = b"<html><head><title>Daily Papers</title></head><body>text</body></html>"
PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1 with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, made, both = folder / "key.pem", folder / "made.pem", folder / "both.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run([openssl, *words.split(), *names], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[RawHost]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with raw_host({"/page": page(PAGE)}, tls=context) as made:
        yield made


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that passes on what comes to the address that was asked for; its address and the first lines."""
    lines: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                Thread(target=pass_on, args=(client, lines), daemon=True).start()

        Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", lines
        server.shutdown(socket.SHUT_RDWR)


def pass_on(client: socket.socket, lines: list[bytes]) -> None:
    head = client.recv(65536)
    lines.append(head.split(b"\r\n")[0])
    method, target = head.split(b" ")[:2]
    authority = target if method == b"CONNECT" else target.split(b"/")[2]
    host, port = authority.decode().rsplit(":", 1)
    onward = socket.create_connection((host, int(port)))
    if method == b"CONNECT":
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    else:
        onward.sendall(head.replace(b"http://" + authority, b"", 1))
    Thread(target=copy, args=(onward, client), daemon=True).start()
    copy(client, onward)


def copy(one: socket.socket, other: socket.socket) -> None:
    try:
        while piece := one.recv(65536):
            other.sendall(piece)
    except OSError:
        pass
    finally:
        for each in (one, other):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def fetcher(seconds: float = 60.0, **named: object) -> Fetcher:
    return Fetcher(
        "x",
        requests_per_second=1000,
        retries=0,
        timeouts=(patient(5), patient(5)),
        bounds=Bounds(seconds_max=seconds),
        **named,  # type: ignore[arg-type]
    )


def asked(base: str) -> PageRequest:
    return PageRequest(source="hf_daily", asked_on=None, url=f"{base}/page")


def base_of(secure: RawHost) -> str:
    return f"https://127.0.0.1:{secure.port}"


def test_a_certificate_of_a_bundle_of_ones_own_is_accepted(
    secure: RawHost, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with fetcher() as session:
        for _ in range(2):
            assert session.fetch(asked(base_of(secure))).body == PAGE


def test_a_certificate_of_nobody_is_refused_at_once(secure: RawHost) -> None:
    with fetcher() as session, pytest.raises(TransientFetchError, match="CERTIFICATE_VERIFY_FAILED") as caught:
        session.fetch(asked(base_of(secure)))
    assert "robots.txt cannot be read" in str(caught.value)
    assert secure.heads == []


def test_a_body_without_end_over_tls_is_ended(
    secure: RawHost, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    secure.answers["/page"] = slowly(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000)
    with fetcher(seconds=1.5) as session, pytest.raises(TransientFetchError, match="took too long"):
        session.fetch(asked(base_of(secure)))


@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
def test_a_proxy_of_the_environment_is_used(
    secure: RawHost,
    certificate: Path,
    proxy: tuple[str, list[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    is_secure: bool,
) -> None:
    address, lines = proxy
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("https_proxy" if is_secure else "http_proxy", f"http://user:hidden-word@{address}")
    with raw_host({"/page": page(PAGE)}) as plain, fetcher() as session:
        assert session.fetch(asked(base_of(secure) if is_secure else plain.url)).body == PAGE
    assert lines[0].startswith(b"CONNECT" if is_secure else b"GET http://")


def test_a_private_proxy_is_no_private_host(proxy: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy the socket's address says nothing of the host, so that only names can be checked."""
    address, _ = proxy
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://{address}")
    with raw_host({"/other": page(PAGE)}) as plain:
        # The proxy passes on what follows on a connection as it comes.
        plain.answers[f"{plain.url}/other"] = plain.answers["/other"]
        plain.answers["/page"] = redirect(f"{plain.url}/other".encode())
        with fetcher(resolve=lambda _: [PUBLIC]) as session:
            assert session.fetch(asked(plain.url)).body == PAGE


def test_a_proxy_that_refuses_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://user:hidden-word@127.0.0.1:9")
    with fetcher() as session, pytest.raises((TransientFetchError, PermanentFetchError)) as caught:
        session.fetch(asked("https://127.0.0.1:1"))
    assert "hidden-word" not in str(caught.value)
