"""A host that answers with bytes that no web server would send: a test writes each answer itself, byte by byte."""

from __future__ import annotations

import itertools
import socketserver
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import socket
from threading import Thread

Bytes = bytes | Callable[[socket], None]
"""What a path answers: bytes, or a function that sends them on the connection."""
MOMENT = 0.02
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class RawHost:
    """Its address, what it answers by path, and the heads of the requests that came."""

    port: int
    answers: dict[str, Bytes]
    heads: list[str] = field(default_factory=list)
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://{self.address}:{self.port}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [head.split(" ")[1] for head in self.heads]


def page(body: bytes, *headers: bytes) -> bytes:
    """A plain answer with status 200."""
    return b"\r\n".join(
        [b"HTTP/1.1 200 OK", b"Content-Type: text/html", *headers, b"Content-Length: %d" % len(body), b"", body]
    )


def redirect(location: bytes) -> bytes:
    """An answer with status 302 and these bytes as the address."""
    return b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"


def then_closed(content: bytes) -> Callable[[socket], None]:
    """Send this and close the connection."""
    return lambda connection: connection.sendall(content)


def without_end(start: bytes, again: bytes, *, pause: float = 0.0) -> Callable[[socket], None]:
    """Send the start, and then the same bytes until the client is gone."""

    def send(connection: socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(again)
            time.sleep(pause)

    return send


def slowly(content: bytes, *, pause: float = MOMENT) -> Callable[[socket], None]:
    """Send a byte at a time, and the last one again and again until the client is gone."""

    def send(connection: socket) -> None:
        for byte in itertools.chain(content, itertools.repeat(content[-1])):
            connection.sendall(bytes([byte]))
            time.sleep(pause)

    return send


@contextmanager
def raw_host(
    answers: Mapping[str, Bytes], *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[RawHost]:
    """Answer for as long as the block lasts; a path that is not in the table is not found."""

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                while head := _head(connection):
                    host.heads.append(head)
                    answer = host.answers.get(head.split(" ")[1], NOT_FOUND)
                    if callable(answer):
                        answer(connection)
                        return
                    connection.sendall(answer)
            except OSError:
                return  # the client is gone, as some tests want

    with _Server((address, 0), Connection) as server:
        host = RawHost(server.server_address[1], dict(answers), address=address)
        Thread(target=server.serve_forever, kwargs={"poll_interval": MOMENT}, daemon=True).start()
        try:
            yield host
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def _head(connection: socket) -> str:
    """The next request without its end; empty once the client is gone."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            return ""
        head += piece
    return head.decode("latin-1").strip()
