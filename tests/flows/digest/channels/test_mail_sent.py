"""Mails go to a real server, with TLS and login where the address says so; every failure says what is certain."""

from __future__ import annotations

import email
import socket
from contextlib import AbstractContextManager
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest

from flows.digest.channel import Means, Part, Undelivered
from flows.digest.channels import mail
from flows.digest.channels.mail_server import MailPatience
from tests.support.issues import issue, item, rich_issue
from tests.support.mail_servers import HANG_UP, NOTHING, PASSWORD, USER, Certificate, MailBox, certificate, mail_server
from tests.support.patience import patient
from transforms.digest.readers import Channel

# The server warns of logins without TLS; here they stay on this machine.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")

HOME = Channel(kind="mail", name="home", to="Ada Örn <ada@example.net>")
LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"
BRIEF = MailPatience(step_seconds=5, whole_seconds=0.5)


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """A certificate that this machine trusts, as an operator would have it: through OpenSSL's own variable."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", made.authority)
    return made


def means_of(server: str) -> Means:
    return Means(home=Path(), mail_server=server, mail_from="Paperlog <digest@example.org>")


def server_of(scheme: str, made: Certificate, *, needs_login: bool = False) -> AbstractContextManager[MailBox]:
    if scheme == "smtps":
        return mail_server(tls=made.context, needs_login=needs_login)
    return mail_server(starttls=made.context, needs_login=needs_login)


def part_of(means: Means) -> Part:
    (part,) = mail.parts(issue([item()]), HOME, means)
    return part


def refused(server: str, patience: MailPatience | None = None) -> Undelivered:
    means = means_of(server)
    slow = MailPatience(step_seconds=patient(10), whole_seconds=patient(30))
    with pytest.raises(Undelivered) as caught:
        mail.send(part_of(means), HOME, means, patience or slow)
    assert PASSWORD not in str(caught.value)
    assert str(caught.value).startswith('mail "home": ')
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as box:
        means = means_of(f"smtp://127.0.0.1:{box.port}")
        (part,) = mail.parts(rich_issue(), HOME, means)
        mail.MAIL.send(part, HOME, means)
    (arrived,) = box.mails
    assert (arrived.mail_from, arrived.rcpt_tos) == ("digest@example.org", ["ada@example.net"])
    assert arrived.content == part.payload.encode()
    message = email.message_from_string(part.payload, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []


def test_a_line_that_is_a_dot_and_line_ends_of_a_kept_text_arrive() -> None:
    with mail_server() as box:
        means = means_of(f"smtp://127.0.0.1:{box.port}")
        mail.send(replace(part_of(means), payload="Subject: x\n\n.\n..two\nend\n"), HOME, means)
    assert box.mails[0].content == b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n"


def test_the_same_part_has_the_same_id_when_it_is_sent_again() -> None:
    with mail_server() as box:
        means = means_of(f"smtp://127.0.0.1:{box.port}")
        for _ in range(2):
            mail.send(part_of(means), HOME, means)
    assert [str(each.content).count("Message-ID: <ada-2026-03-09-mail.ada.1@example.org>") for each in box.mails] == [
        1,
        1,
    ]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_tls_and_a_login_with_signs_in_the_password(known: Certificate, scheme: str) -> None:
    with server_of(scheme, known, needs_login=True) as box:
        means = means_of(f"{scheme}://{LOGIN}localhost:{box.port}")
        mail.send(part_of(means), HOME, means)
    assert (len(box.mails), box.logins, box.has_tls) == (1, [(USER, PASSWORD)], [True])


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path, scheme: str) -> None:
    with server_of(scheme, certificate(tmp_path)) as box:
        error = refused(f"{scheme}://{LOGIN}127.0.0.1:{box.port}")
    assert not error.is_uncertain
    assert "certificate verify failed" in str(error)
    assert (box.mails, box.logins) == ([], [])


def test_a_certificate_for_another_name_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificate(tmp_path, "other.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", made.authority)
    with mail_server(tls=made.context) as box:
        error = refused(f"smtps://{LOGIN}127.0.0.1:{box.port}")
    assert (error.is_uncertain, box.mails) == (False, [])


def test_a_server_without_starttls_gets_neither_mail_nor_password() -> None:
    with mail_server() as box:
        error = refused(f"smtp+starttls://{LOGIN}127.0.0.1:{box.port}")
    assert (error.is_uncertain, box.mails, box.logins) == (False, [], [])


def test_no_password_goes_over_a_plain_line_to_another_machine() -> None:
    error = refused(f"smtp://{LOGIN}mail.example.org")
    assert not error.is_uncertain
    assert "smtp+starttls://" in str(error)


def test_a_wrong_password_is_told_without_it() -> None:
    with mail_server(needs_login=True) as box:
        error = refused(f"smtp://me:{quote(PASSWORD, safe='')}@127.0.0.1:{box.port}")
    assert (error.is_uncertain, box.mails) == (False, [])
    assert "the login was refused" in str(error)


def test_a_password_that_no_login_may_have_is_told_without_it() -> None:
    with mail_server(needs_login=True) as box:
        error = refused(f"smtp://me:{quote('schlüssel')}@127.0.0.1:{box.port}")
    assert not error.is_uncertain
    assert "schl" not in str(error)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("code", [421, 450, 550, 552])
def test_a_refusal_is_certain_also_after_the_text(command: str, code: int) -> None:
    with mail_server() as box:
        box.replies[command] = f"{code} not today\x1b[31m {PASSWORD}"
        error = refused(f"smtp://{LOGIN}127.0.0.1:{box.port}")
    assert not error.is_uncertain
    assert f"127.0.0.1 answered {code}: not today\\x1b[31m (secret)" in str(error)


@pytest.mark.parametrize(("command", "is_uncertain"), [("MAIL", False), ("RCPT", False), ("DATA", True)])
@pytest.mark.parametrize("how", [HANG_UP, NOTHING])
def test_only_after_the_text_nobody_knows(command: str, is_uncertain: bool, how: str) -> None:
    with mail_server() as box:
        box.replies[command] = how
        impatient = MailPatience(step_seconds=patient(0.3), whole_seconds=patient(30))
        error = refused(f"smtp://127.0.0.1:{box.port}", impatient if how == NOTHING else None)
    assert error.is_uncertain == is_uncertain
    assert ("it may have the mail" in str(error)) == is_uncertain


def test_when_the_whole_takes_too_long_after_the_text_nobody_knows() -> None:
    with mail_server() as box:
        box.replies["DATA"] = NOTHING
        error = refused(f"smtp://127.0.0.1:{box.port}", MailPatience(step_seconds=60, whole_seconds=patient(0.5)))
    assert error.is_uncertain
    assert "took longer than" in str(error)


def test_an_answer_that_cannot_be_read_after_the_text_says_nothing() -> None:
    with mail_server() as box:
        box.replies["DATA"] = "what?"
        assert refused(f"smtp://127.0.0.1:{box.port}").is_uncertain


@pytest.mark.parametrize("how", [HANG_UP, NOTHING, "500 no"])
def test_a_bad_goodbye_changes_nothing(how: str) -> None:
    with mail_server() as box:
        box.replies["QUIT"] = how
        means = means_of(f"smtp://127.0.0.1:{box.port}")
        mail.send(part_of(means), HOME, means, MailPatience(step_seconds=0.5, whole_seconds=patient(20)))
    assert len(box.mails) == 1


def test_a_goodbye_that_outlasts_everything_changes_nothing() -> None:
    with mail_server() as box:
        box.replies["QUIT"] = NOTHING
        means = means_of(f"smtp://127.0.0.1:{box.port}")
        mail.send(part_of(means), HOME, means, MailPatience(step_seconds=60, whole_seconds=patient(0.5)))
    assert len(box.mails) == 1


def test_a_server_that_is_not_there_has_certainly_nothing() -> None:
    with mail_server() as box:
        pass
    assert not refused(f"smtp://127.0.0.1:{box.port}").is_uncertain


def test_a_greeting_in_endless_drops_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    while True:
                        connection.sendall(b"220-\r\n")
                except OSError:
                    return

        Thread(target=drip, daemon=True).start()
        error = refused(f"smtp://127.0.0.1:{server.getsockname()[1]}", BRIEF)
    assert not error.is_uncertain
    assert "took longer than 0.5 s" in str(error)


@pytest.mark.parametrize(("server", "sender"), [(None, "digest@example.org"), ("smtp://127.0.0.1:9", None)])
def test_without_a_server_or_a_sender_nothing_is_sent(server: str | None, sender: str | None) -> None:
    means = Means(home=Path(), mail_server=server, mail_from=sender)
    with pytest.raises(Undelivered, match="PAPERLOG_MAIL_") as caught:
        mail.send(Part(part_id="x", payload="", entry_keys=()), HOME, means)
    assert not caught.value.is_uncertain
