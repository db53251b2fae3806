"""Mail: one message as RFC 5322 has it, text and HTML side by side, that any mail program can sort and end.

Its `Message-ID` is the same when it is sent again, so programs that compare them show it once; `List-Id` (RFC 2919) is
what rules sort by, `List-Unsubscribe` (RFC 2369) what a program's own button writes to. `Auto-Submitted` (RFC 3834)
keeps answers of absent people away. Nothing in it is fetched from anywhere, and no link is counted.

Gmail cuts the HTML of a mail at 102 KB, so a longer issue is several mails.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from flows.digest.channel import ChannelKind, Means, Part, Undelivered, WrongChannel
from flows.digest.channels.mail_server import PATIENT, Envelope, MailPatience, hand_over, server_of
from flows.digest.channels.mail_text import text_of
from flows.digest.channels.told import Sheet, parts_of, unlinked
from flows.digest.send import shown_name
from flows.shown import in_one_line
from transforms.digest.readers import Channel
from transforms.digest.records import Issue

if TYPE_CHECKING:
    from jinja2 import Template

HTML_BYTES_MAX = 98_000
# Letters, digits and the signs of an address that has no quotes (RFC 5321, "Local-part" and "Domain"), and its length.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}})*"
_MAILBOX = re.compile(rf"(?P<bare>{_ADDRESS})|(?P<name>[^<>@,;:]*)<(?P<named>{_ADDRESS})>")
_USER_MAX, _ADDRESS_MAX = 64, 254
_NO_LABEL = re.compile(r"[^A-Za-z0-9-]+")


def parts(issue: Issue, channel: Channel, means: Means) -> Sequence[Part]:
    """One mail for each 98,000 bytes of HTML. WrongChannel if an address is none."""
    recipient = address_of(channel.to, f"{shown_name(channel)}: to")
    sender = _sender(means, channel)
    return parts_of(
        issue,
        means.site_url,
        write=lambda sheet: _mail(issue, sheet, sender, recipient),
        fits=lambda sheet: _size(_html(issue, sheet, _unsubscribe(issue, sender))) <= HTML_BYTES_MAX,
    )


def send(part: Part, channel: Channel, means: Means, patience: MailPatience = PATIENT) -> None:
    """Give it to the mail server."""
    name = shown_name(channel)
    if means.mail_server is None:
        raise Undelivered(f"{name}: PAPERLOG_MAIL_SERVER is not set: nothing was sent", is_uncertain=False)
    try:
        sender, recipient = _sender(means, channel), address_of(channel.to, f"{name}: to")
    except WrongChannel as error:
        raise Undelivered(str(error), is_uncertain=False) from error
    envelope = Envelope(name=name, sender=sender.addr_spec, recipient=recipient.addr_spec)
    hand_over(part.payload, envelope, server_of(means.mail_server), patience)


def address_of(text: str, what: str) -> Address:
    """The one address in a text such as `ada@example.org` or `Ada <ada@example.org>`; `what` names it in the error."""
    line = in_one_line(text)
    found = _MAILBOX.fullmatch(line)
    address = (found["bare"] or found["named"]) if found else ""
    username, _, domain = address.partition("@")
    is_short = len(username) <= _USER_MAX and len(address) <= _ADDRESS_MAX
    if found is None or not is_short or line != text.strip():
        form = "write name@example.org or Name <name@example.org>, the address in ASCII"
        raise WrongChannel(f"{what}: {line[:100]!r} is not one mail address: {form}")
    return Address((found["name"] or "").strip().strip('"'), username, domain)


def _sender(means: Means, channel: Channel) -> Address:
    if not means.mail_from:
        raise WrongChannel(f"{shown_name(channel)}: PAPERLOG_MAIL_FROM is not set: a mail comes from an address")
    return address_of(means.mail_from, "PAPERLOG_MAIL_FROM")


def _size(html: str) -> int:
    """Its bytes in a mail, where a line ends with two."""
    return len(html.encode()) + html.count("\n")


def _mail(issue: Issue, sheet: Sheet, sender: Address, recipient: Address) -> str:
    unsubscribe = _unsubscribe(issue, sender)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, recipient
    message["Subject"] = _subject(sheet)
    message["Date"] = issue.made_at.astimezone(UTC)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text_of(sheet, issue.reader, unsubscribe), cte="quoted-printable")
    html = _html(issue, sheet, unsubscribe)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    digest = hashlib.sha256(
        f"{issue.issue_id}\n{issue.reader}\n{sheet.number}".encode(errors="backslashreplace")
    ).hexdigest()
    # By chance, as the library makes one, the same issue would be another text each time. `=_` is in no encoded text.
    message.set_boundary(f"=_{digest[:32]}")
    # Written by hand: the library would fold and encode these, which are ASCII and no prose.
    ours = {
        "Message-ID": f"<{_message_name(issue)}.{sheet.number}@{sender.domain}>",
        "List-Id": f"<{_label(issue.reader)}.paperlog.{sender.domain}>",
        "List-Unsubscribe": f"<{unsubscribe}>",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in ours.items()) + message.as_string()


def _subject(sheet: Sheet) -> str:
    """The title, which of several, and what is in the whole issue."""
    return f"{sheet.heading}: {sheet.headline}"


def _message_name(issue: Issue) -> str:
    """The issue and the reader; as a hash where they are long or hold what no such name may."""
    name = f"{issue.issue_id}.{issue.reader}"
    is_plain = re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", name) and len(name) <= 200
    return name if is_plain else hashlib.sha256(name.encode(errors="backslashreplace")).hexdigest()


def _label(name: str) -> str:
    """A reader's name as a label of a domain."""
    return _NO_LABEL.sub("-", name)[:60].strip("-") or "reader"


def _unsubscribe(issue: Issue, sender: Address) -> str:
    subject = quote(f"unsubscribe {in_one_line(issue.reader)[:60]}", safe="")
    return f"mailto:{quote(sender.addr_spec, safe='@')}?subject={subject}"


def _html(issue: Issue, sheet: Sheet, unsubscribe: str) -> str:
    from flows.design.environment import without_blank_lines  # noqa: PLC0415 - Jinja takes a tenth of a second

    return without_blank_lines(_template().render(sheet=sheet, reader=issue.reader, unsubscribe=unsubscribe))


@cache
def _template() -> Template:
    from flows.design.environment import environment_of  # noqa: PLC0415 - as above

    environment = environment_of("flows.digest.channels")
    environment.filters["unlinked"] = unlinked
    return environment.get_template("mail.html.j2")


MAIL = ChannelKind(
    name="mail",
    meaning="a mail, text and HTML",
    to="the address, such as ada@example.org",
    parts=parts,
    send=send,
    settings={"mail_from": "PAPERLOG_MAIL_FROM", "mail_server": "PAPERLOG_MAIL_SERVER"},
)
