"""One request on its way: it ends in time, and goes only to an address that it may reach.

Time is kept outside the call that blocks: the request runs in a thread of its own, and when its time is over the one
who waits goes on while the socket is shut down under that thread. Whatever the host does, at one byte a second or in
endless lines, neither a thread nor a connection is left.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from contextvars import ContextVar
from threading import Lock, Thread
from typing import Any, TypeVar

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from extractors.errors import PermanentFetchError, TransientFetchError
from extractors.http.pace import tell_wait
from transforms.records import Cause

# Of an answer that took so long one wonders whether it will come; a large one may take as long on a slow line.
TOLD_AFTER_SECONDS = 10.0

Result = TypeVar("Result")
PeerOf = Callable[[socket.socket], str]


class TookTooLong(TransientFetchError):
    """A request was not over in time; asking again at once would only take as long again."""


class NotReachable(PermanentFetchError):
    """An address to which nothing is sent."""


class Call:
    """A request: the socket that it uses now, the address at its other end, and whether its time is over.

    `peer` is None until it is connected, and where a proxy is between: the proxy's address says nothing of the host's.
    """

    def __init__(
        self, url: str, forbids: Callable[[str], str | None] = lambda _: None, peer_of: PeerOf | None = None
    ) -> None:
        """`forbids(address)` is the reason not to talk to that address; nothing is sent to one that has a reason."""
        self.url = url
        self.peer: str | None = None
        self._forbids = forbids
        self._peer_of = peer_of or peer_address
        self._lock = Lock()
        self._is_over = False
        self._brake: socket.socket | None = None

    def take(self, connected: socket.socket, *, is_direct: bool) -> None:
        """Use this socket from now on; NotReachable if its other end is forbidden, TookTooLong after the end."""
        with self._lock:
            if self._is_over:
                raise TookTooLong(self.url, "its time is over", cause=Cause.HOST_DOWN)
            self._let_go()
            # A second descriptor: TLS takes the first one away, and shutting down either ends the connection.
            self._brake = socket.socket(fileno=os.dup(connected.fileno()))
        if is_direct:
            self.peer = self._peer_of(connected)
            if (why := self._forbids(self.peer)) is not None:
                raise NotReachable(self.url, why)

    def end(self) -> None:
        """Let go of the socket; one that is still in use is shut down, which ends every call that waits for it."""
        with self._lock:
            self._is_over = True
            if self._brake is not None:
                with suppress(OSError):  # the other side was quicker
                    self._brake.shutdown(socket.SHUT_RDWR)
            self._let_go()

    def done(self) -> None:
        """Let go of the socket and leave it as it is: another request may use the connection."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._brake is not None:
            self._brake.close()
            self._brake = None


_CALL: ContextVar[Call] = ContextVar("call")


def within(seconds: float, call: Call, ask: Callable[[], Result]) -> Result:
    """What `ask()` returns or raises; TookTooLong once it has taken so many seconds, whatever it is doing then."""
    answered: Future[Result] = Future()

    def work() -> None:
        _CALL.set(call)  # a thread starts with a context of its own
        try:
            answered.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - it is raised again by the one who waits
            answered.set_exception(error)
        finally:
            call.done()

    # A daemon: one that hangs in the resolver, which nothing can interrupt, does not keep the process from ending.
    Thread(target=work, name=f"request {call.url[:60]}", daemon=True).start()
    if not _is_answered(answered, seconds, call.url):
        call.end()
        raise TookTooLong(
            call.url, f"took too long: over {seconds:g} s from connecting to the last byte", cause=Cause.HOST_DOWN
        )
    return answered.result()


def _is_answered(answered: Future[Result], seconds: float, url: str) -> bool:
    """Wait so many seconds at most, and tell of it once the wait is long."""
    first = min(seconds, TOLD_AFTER_SECONDS)
    if wait([answered], first).done:
        return True
    tell_wait(f"{url}: no whole answer after {first:g} s: waiting for the rest", seconds - first)
    return bool(wait([answered], seconds - first).done)


def peer_address(connected: socket.socket) -> str:
    """The IP address at the other end."""
    return str(connected.getpeername()[0])


class _Watched(HTTPConnection):
    """Shows its socket to the request that uses it, before anything is sent: also when it is used again."""

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        try:
            _CALL.get().take(connected, is_direct=self.proxy is None)
        except BaseException:
            connected.close()
            raise
        return connected

    def request(self, *arguments: Any, **named: Any) -> None:
        """Ask, as urllib3 does."""
        if self.sock is not None:
            _CALL.get().take(self.sock, is_direct=self.proxy is None)
        super().request(*arguments, **named)


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same with TLS, whose handshake comes after the socket was shown."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


class WatchedAdapter(HTTPAdapter):
    """Connections, direct and through a proxy, for requests inside `within`. Nothing is asked twice."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools, with connections that show their sockets."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        """The same for a proxy; one of another protocol than HTTP has pools of its own."""
        manager = super().proxy_manager_for(*arguments, **named)
        if type(manager) is ProxyManager:
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}
        return manager
