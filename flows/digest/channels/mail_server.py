"""Hand one mail over to a mail server, and know what became of it.

`smtps://` speaks TLS from the first byte, `smtp+starttls://` before anything else is said; in both the server must show
a certificate for its name. `smtp://` is plain: for a server on this machine or behind the same wall. A password goes
over it to this machine alone.
"""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from extractors.http.connection import Call, TookTooLong, within
from flows.digest.channel import Undelivered
from flows.shown import in_one_line

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_ANSWER_SHOWN_MAX = 200
_OK = frozenset({250, 251})
_REFUSALS = range(400, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server and who logs in there."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_this_machine(self) -> bool:
        """Whether its name says so."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Whom the server is to send a mail to, and whom it comes from: bare addresses. `name` is the channel's."""

    name: str
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPatience:
    """How long each step may take, and the whole."""

    step_seconds: float = 10.0
    whole_seconds: float = 60.0


PATIENT = MailPatience()


def server_of(address: str) -> MailServer:
    """The server of a checked address; user and password may hold `%40` for `@`, and so on."""
    parts = urlsplit(address)
    return MailServer(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def hand_over(text: str, envelope: Envelope, server: MailServer, patience: MailPatience = PATIENT) -> None:
    """Give the server a mail, with line ends of any kind.

    Raises:
        Undelivered: certain until the text of the mail is under way, and when the server refuses it. From the text's
            first byte to the server's answer it may have the mail.
    """
    if server.password and server.scheme == "smtp" and not server.is_this_machine:
        told = f"{envelope.name}: no password is sent to {server.host} without TLS: write smtp+starttls:// or smtps://"
        raise Undelivered(told, is_uncertain=False)
    delivery = _Delivery(envelope=envelope, server=server, patience=patience, call=Call(envelope.name))
    try:
        within(patience.whole_seconds, delivery.call, lambda: delivery.run(text))
    except TookTooLong as error:
        if delivery.is_taken:  # only its goodbye was slow
            return
        told = f"{envelope.name}: {server.host} took longer than {patience.whole_seconds:g} s"
        raise Undelivered(told, is_uncertain=delivery.is_under_way) from error


@dataclass(slots=True, kw_only=True)
class _Delivery:
    """One conversation with a server; `is_under_way` once it may have the mail, `is_taken` once it said so."""

    envelope: Envelope
    server: MailServer
    patience: MailPatience
    call: Call
    is_under_way: bool = False
    is_taken: bool = False

    def run(self, text: str) -> None:
        with self._told(), self._connected() as connection:
            self._require(*connection.mail(self.envelope.sender))
            self._require(*connection.rcpt(self.envelope.recipient))
            self.is_under_way = True
            self._require(*connection.data(text))
            self.is_taken = True
            with suppress(OSError, smtplib.SMTPException):  # it has the mail already
                connection.quit()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server, seconds = self.server, self.patience.step_seconds
        context = ssl.create_default_context()
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=seconds)
        try:
            if connection.sock is not None:
                self.call.take(connection.sock, is_direct=True)
            if server.scheme == "smtp+starttls":
                connection.starttls(context=context)
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Every way to fail as Undelivered; the password is in none."""
        try:
            yield
        except smtplib.SMTPDataError as error:  # the command was refused, before any text
            raise self._refused(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPAuthenticationError as error:
            raise self._refused(error.smtp_code, error.smtp_error, "the login was refused: ") from None
        except (OSError, smtplib.SMTPException) as error:
            may = "; it may have the mail" if self.is_under_way else ""
            told = f"{self.envelope.name}: {self.server.host}: {self._shown(str(error) or type(error).__name__)}{may}"
            raise Undelivered(told, is_uncertain=self.is_under_way) from None
        except ValueError:  # its text shows a part of what could not be sent
            told = f"{self.envelope.name}: the user or the password holds a character that no login may have"
            raise Undelivered(told, is_uncertain=self.is_under_way) from None

    def _require(self, code: int, said: bytes) -> None:
        if code not in _OK:
            raise self._refused(code, said)

    def _refused(self, code: int, said: bytes | str, what: str = "") -> Undelivered:
        """A refusal is certain; an answer without such a code says nothing."""
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        told = f"{self.envelope.name}: {self.server.host} answered {code}: {what}{self._shown(text)}"
        return Undelivered(told, is_uncertain=self.is_under_way and code not in _REFUSALS)

    def _shown(self, text: str) -> str:
        """What the server said, in one line, without the password in any form in which it may repeat it."""
        password = self.server.password
        if password:
            plain = f"\0{self.server.user}\0{password}"
            for form in (password, *(b64encode(each.encode()).decode() for each in (password, plain))):
                text = text.replace(form, "(secret)")
        line = in_one_line(text)
        return line if len(line) <= _ANSWER_SHOWN_MAX else f"{line[:_ANSWER_SHOWN_MAX]}…"
