"""Listens, and answers until it is told to end."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import uvicorn

from flows.serve.answers import Answers
from flows.serve.app import app_of
from flows.serve.guard import Guard, is_loopback, names_of
from flows.settings import Settings
from transforms.errors import PaperlogError
from warehouse import Limits, ReaderPool

TOKEN_LENGTH_MIN = 16
GRACE_SECONDS = 3


class CannotListen(PaperlogError):
    """The address cannot be listened at, or not without a token; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to listen, and by which further names the server may be asked."""

    host: str
    port: int
    names: tuple[str, ...] = ()


def serve(settings: Settings, place: Place, token: str | None, tell: Callable[[str], None]) -> None:
    """Answer requests until the process is told to end; `tell` gets the address. Raises CannotListen."""
    _require_token(place, token)
    with _listening(place) as listening:
        port = listening.getsockname()[1]
        guard = Guard(names=names_of(place.host, place.names), token=token)
        pool = ReaderPool(settings.home, limits=Limits())
        tell(_address(place.host, port, token))
        try:
            config = uvicorn.Config(
                app_of(Answers(settings, pool), guard),
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                ws="none",
            )
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            pass  # the usual end: nothing is lost
        finally:
            pool.close()


def _require_token(place: Place, token: str | None) -> None:
    if token is None and not is_loopback(place.host):
        said = "set PAPERLOG_SERVE_TOKEN, or give --token"
        raise CannotListen(f"{place.host} can be reached by other machines, so a token is needed: {said}")
    if token is not None and len(token) < TOKEN_LENGTH_MIN:
        raise CannotListen(f"the token is too short to be safe: take at least {TOKEN_LENGTH_MIN} characters")


def _listening(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # With the protocol named asyncio sends small answers at once; else each waits 40 ms for the asker's receipt.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((place.host, place.port))
        listening.listen()  # the address is told before anybody accepts: whoever asks at once waits
    except OSError as error:
        listening.close()
        raise CannotListen(
            f"cannot listen at {place.host} port {place.port}: {error.strerror or error}; choose another with --port"
        ) from error
    return listening


def _address(host: str, port: int, token: str | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/{f'?token={quote(token)}' if token else ''}"
