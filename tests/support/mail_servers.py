"""A mail server on 127.0.0.1 that keeps what it takes, and misbehaves where a test says so."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import trustme
from aiosmtpd import smtp

USER, PASSWORD = "digest@example.org", "p@ss:w/ord%20"
HANG_UP, NOTHING = "hang up", "say nothing"
"""Where a reply stands: cut the connection; never answer."""


@dataclass(slots=True, kw_only=True)
class MailBox:
    """What the server took, who logged in, and its replies to commands where they are not the usual ones."""

    port: int = 0
    mails: list[smtp.Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    has_tls: list[bool] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802 - the server looks for methods of these names
        self, server: smtp.SMTP, _: smtp.Session, envelope: smtp.Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the sender."""
        envelope.mail_from = address
        return await self._reply("MAIL", "250 OK", server)

    async def handle_RCPT(  # noqa: N802
        self, server: smtp.SMTP, _: smtp.Session, envelope: smtp.Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient."""
        envelope.rcpt_tos.append(address)
        return await self._reply("RCPT", "250 OK", server)

    async def handle_DATA(self, server: smtp.SMTP, _: smtp.Session, envelope: smtp.Envelope) -> str:  # noqa: N802
        """Take the mail, unless the reply is a refusal."""
        reply = await self._reply("DATA", "250 OK", server)
        if reply.startswith("250"):
            self.mails.append(envelope)
            self.has_tls.append(_transport(server).get_extra_info("sslcontext") is not None)
        return reply

    async def handle_QUIT(self, server: smtp.SMTP, *_: object) -> str:  # noqa: N802
        """Say goodbye."""
        return await self._reply("QUIT", "221 Bye", server)

    def login(self, *said: object) -> smtp.AuthResult:
        """Let the one user in."""
        data = said[-1]
        assert isinstance(data, smtp.LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return smtp.AuthResult(success=self.logins[-1] == (USER, PASSWORD), handled=False)

    async def _reply(self, command: str, usual: str, server: smtp.SMTP) -> str:
        reply = self.replies.get(command, usual)
        if reply == HANG_UP:
            _transport(server).abort()
        if reply in {HANG_UP, NOTHING}:
            await asyncio.Event().wait()
        return reply


def _transport(server: smtp.SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for 127.0.0.1 and localhost, and the file with the authority that signed it."""

    context: ssl.SSLContext
    authority: str


def certificate(folder: Any, *names: str) -> Certificate:
    """Make one for these names, with an authority of its own."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return Certificate(context, str(path))


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, needs_login: bool = False
) -> Iterator[MailBox]:
    """Serve on a free port for as long as the block lasts."""
    box, loop = MailBox(), asyncio.new_event_loop()

    def talk() -> smtp.SMTP:
        return smtp.SMTP(
            box,
            hostname="mail.example.org",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=box.login,
            auth_required=needs_login,
            auth_require_tls=False,
            loop=loop,
        )

    server = loop.run_until_complete(loop.create_server(talk, "127.0.0.1", 0, ssl=tls))
    box.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(_stop, loop)
        thread.join()
        server.close()
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    for each in asyncio.all_tasks(loop):
        each.cancel()
    loop.call_soon(loop.stop)
