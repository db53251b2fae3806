"""The interests file is read whole, and every mistake in it is named with its line and without what may be a secret."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.digest.channel import ChannelKind
from flows.digest.interests_file import InterestsError, example, read_interests
from transforms.digest.interests import wanted
from transforms.digest.readers import Channel, DigestReader, Interests


def kind(name: str, to: str = "", variable: str = "") -> ChannelKind:
    """A kind of channel that nobody sends anything by."""

    def send(*_: object) -> None:
        raise NotImplementedError

    return ChannelKind(name=name, meaning=name, to=to, secret=variable, parts=lambda *_: (), send=send)


KINDS = {
    each.name: each
    for each in (
        kind("mail", "an address"),
        kind("slack", "", "the variable with the webhook's address"),
        kind("telegram", "a chat's id", "the variable with the bot's token"),
    )
}
ADDRESS = "https://hooks.example.org/T0/pa55w0rd"


def read(folder: Path, text: str | bytes) -> tuple[DigestReader, ...]:
    file = folder / "interests.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_interests(file, KINDS)


def mistakes(folder: Path, text: str | bytes) -> str:
    with pytest.raises(InterestsError) as refused:
        read(folder, text)
    assert refused.value.exit_code == 2
    return str(refused.value)


WHOLE = """
[readers.anna]
title = "Anna's papers"
words = ["flow matching", "diffus*"]
not_words = ["survey"]
authors = ["Yann LeCun"]
institutions = ["Google"]
categories = ["cs.CL", "stat"]
sources = ["hf_daily", "arxiv_announced:cs.LG"]
has_code = true
upvotes = 20
reviewed = true
like = ["2401.01234"]
days = ["Thursday", "monday"]
at_most = 30
rises = 50
versions = true
since = 2026-11-01

[[readers.anna.channels]]
kind = "mail"
to = "anna@example.org"

[[readers.anna.channels]]
kind = "slack"
name = "team"
secret = "TEAM_SLACK_URL"

[readers.bo]
"""


def test_everything_that_a_file_says_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == (
        DigestReader(
            name="anna",
            title="Anna's papers",
            interests=Interests(
                words=("flow matching", "diffus*"),
                authors=("Yann LeCun",),
                institutions=("Google",),
                categories=("cs.CL", "stat"),
                like=("2401.01234",),
                not_words=("survey",),
                sources=("hf_daily", "arxiv_announced:cs.LG"),
                has_code=True,
                upvotes=20,
                reviewed=True,
            ),
            channels=(
                Channel(kind="mail", name="mail", to="anna@example.org"),
                Channel(kind="slack", name="team", secret="TEAM_SLACK_URL"),  # noqa: S106 - the name of a variable
            ),
            days=(0, 3),
            at_most=30,
            rises=50,
            versions=True,
            since_on=date(2026, 11, 1),
        ),
        DigestReader(name="bo", title="bo"),
    )


CYS_MAIL = '[[readers.cy.channels]]\nkind = "mail"\nto = "cy@example.org"'


@pytest.mark.parametrize(
    "text",
    [
        'readers.cy = { words = ["kites"], channels = [{ kind = "mail", to = "cy@example.org" }] }',
        '[readers]\ncy.words = ["kites"]\ncy.channels = [{kind = "mail", to = "cy@example.org"}]',
        f'[readers."cy"]\nwords = [\n  "kites", # the toys\n]\n{CYS_MAIL}',
        f'\ufeff[readers.cy]\nwords = ["kites"]\n{CYS_MAIL}\n'.replace("\n", "\r\n"),
    ],
)
def test_every_way_to_write_it_in_toml_is_the_same(tmp_path: Path, text: str) -> None:
    (reader,) = read(tmp_path, text)
    assert (reader.name, reader.interests.words) == ("cy", ("kites",))
    assert reader.channels == (Channel(kind="mail", name="mail", to="cy@example.org"),)


def test_the_example_can_be_read_and_means_something(tmp_path: Path) -> None:
    readers = read(tmp_path, example())
    assert [each.name for each in readers] == ["anna", "team"]
    for each in readers:
        wanted(each.interests)
    switched_on = example().replace("\n# sources", "\nsources").replace("\n# has_code", "\nhas_code")
    anna, _ = read(tmp_path, switched_on.replace("\n# upvotes", "\nupvotes").replace("\n# reviewed", "\nreviewed"))
    assert (anna.interests.sources, anna.interests.has_code) == (("hf_daily",), True)
    assert (anna.interests.upvotes, anna.interests.reviewed) == (20, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('wrods = ["a"]', "'wrods' is no key of a reader; did you mean words?"),
        ("zzz = 1", "'zzz' is no key of a reader; there are: title, words, "),
        ('words = "flow"', 'words: it must be a list, as ["one", "two"]'),
        ("words = [3]", "words: it must be a text in quotes"),
        ('words = [""]', "words: the text is empty"),
        ('words = ["…"]', "words: there is no letter and no digit in it"),
        ('words = ["a*b"]', "words: a * stands only at the end of a word"),
        ("words = []", "words: the list is empty: leave the key out"),
        ('not_words = [" "]', "not_words: the text is empty"),
        ('authors = ["…"]', "authors: there is no name in it"),
        ('institutions = ["-"]', "institutions: there is no letter and no digit in it"),
        ('categories = ["cs.*.LG"]', "'cs.*.LG' is no category of arXiv"),
        ('sources = ["hf_dialy"]', "did you mean 'hf_daily'?"),
        ('sources = ["hf_daily:x"]', "hf_daily is one list"),
        ("like = [2401.01234]", "like: it must be a text in quotes"),
        ('has_code = "yes"', "has_code: it must be true or false"),
        ("upvotes = true", "upvotes: it must be a whole number from 0"),
        ("upvotes = -1", "upvotes: it must be a whole number from 0"),
        ("at_most = 0", "at_most: it must be a whole number from 1"),
        ("rises = 1.5", "rises: it must be a whole number from 0"),
        ('days = ["mondya"]', "'mondya' is no day of the week; did you mean monday?"),
        ("days = []", "days: the list is empty"),
        ('since = "2026-11-01"', "since: it must be a day without quotes"),
        ("since = 2026-11-01T10:00:00", "since: it must be a day without quotes"),
        ('title = "a\\nb"', "title: the text must be one line"),
        ('title = ""', "title: the text is empty"),
        (f'title = "{"a" * 301}"', "title: the text has more than 300 characters"),
        ("channels = 3", "channels: they must be tables"),
        ('channels = ["mail"]', "channels: they must be tables"),
    ],
)
def test_a_mistake_in_a_reader_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    message = mistakes(
        tmp_path, f'# who\n\n[readers.anna]\n"rises" = 1\n{line}\n'.replace('"rises" = 1\nrises', "\nrises")
    )
    assert message.startswith(f"{tmp_path}/interests.toml:5: ")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("lines", "place", "said"),
    [
        ('to = "a@example.org"', 3, "a channel needs a kind; there are: mail, slack, telegram"),
        ('kind = "mial"\nto = "x"', 4, "'mial' is no kind of channel; did you mean mail?"),
        ('kind = "mail"', 3, "a channel of kind mail needs `to`: an address"),
        ('kind = "slack"\nsecret = "A"\nto = "x"', 6, "a channel of kind slack has no `to`"),
        ('kind = "slack"', 3, "a channel of kind slack needs `secret`: the variable with the webhook's address"),
        ('kind = "mail"\nto = "x"\nsecret = "A"', 6, "a channel of kind mail has no `secret`"),
        ('kind = "mail"\nto = "x"\nname = "A b"', 6, "'A b' cannot be a channel's name"),
        ('kind = "mail"\nto = "x"\ntoken = "y"', 6, "'token' is no key of a channel"),
        ('kind = "telegram"\nto = 12\nsecret = "A"', 5, "to: it must be a text in quotes"),
    ],
)
def test_a_mistake_in_a_channel_is_named_with_its_line(tmp_path: Path, lines: str, place: int, said: str) -> None:
    message = mistakes(tmp_path, f"[readers.anna]\n\n[[readers.anna.channels]]\n{lines}\n")
    assert message.startswith(f"{tmp_path}/interests.toml:{place}: ")
    assert said in message


@pytest.mark.parametrize("secret", [ADDRESS, "pa55w0rd", "PAPERLOG_MAIL_SERVER", ""])
def test_a_secret_is_named_by_a_variable_and_never_quoted(tmp_path: Path, secret: str) -> None:
    text = f'[readers.anna]\n[[readers.anna.channels]]\nkind = "slack"\nsecret = "{secret}"\n'
    message = mistakes(tmp_path, text)
    assert message.startswith(f"{tmp_path}/interests.toml:4: secret: ")
    assert "pa55w0rd" not in message


@pytest.mark.parametrize(
    "text",
    [
        f'[readers.anna]\nchannels = [{{ kind = "slack", secret = {ADDRESS} }}]\n',
        f'[readers.anna]\nsecret = "{ADDRESS}"\n',
        f'[readers.anna]\n[[readers.anna.channels]]\nkind = "mail"\nto = ["{ADDRESS}"]\n',
    ],
)
def test_a_secret_in_a_wrong_place_is_not_quoted_either(tmp_path: Path, text: str) -> None:
    assert "pa55w0rd" not in mistakes(tmp_path, text)


def test_two_channels_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    one = '[[readers.anna.channels]]\nkind = "mail"\nto = "a@example.org"\n'
    message = mistakes(tmp_path, f"[readers.anna]\n{one}{one}")
    assert message == f"{tmp_path}/interests.toml:5: a second channel is named 'mail': give it another `name`"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[readers.Anna]\n", ":1: 'Anna' cannot be a reader's name"),
        ('[readers."../x"]\n', ":1: '../x' cannot be a reader's name"),
        (f"[readers.{'a' * 42}]\n", ":1: "),
        ('[readers]\nanna = "x"\n', ":2: readers.'anna': a reader is a table"),
        ("readers = 3\n", ":1: readers: it must be a table"),
        (
            "\n[reader.anna]\n",
            ":2: 'reader' is no key of the file: readers are tables, as [readers.anna]; did you mean",
        ),
        ("# nothing\n", ":1: no reader is described; `paperlog digest --example` prints a file to begin with"),
        ("[readers.anna\n", ":1: not TOML"),
        ("[readers.anna]\nwords = ['a']\nwords = ['b']\n", ":3: not TOML"),
        (b"[readers.anna]\ntitle = 'caf\xe9'\n", ":2: not UTF-8; save the file as UTF-8"),
        (b"#" * 1_000_001, "too large to be the interests file"),
        ("a = " + "[" * 100_000, "too many brackets"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in mistakes(tmp_path, text)


def test_a_file_that_is_not_there_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(InterestsError, match="No such file or directory; `paperlog digest --example`"):
        read_interests(tmp_path / "absent.toml", KINDS)
    with pytest.raises(InterestsError, match="the interests file cannot be read"):
        read_interests(tmp_path, KINDS)


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = '[readers.bo]\nupvotes = -1\nwords = [\n  "kites",\n  "",\n  7,\n]\n[readers.anna]\ndays = ["m"]\n'
    lines = [line.partition("interests.toml:")[2][:10] for line in mistakes(tmp_path, text).splitlines()]
    assert lines == ["2: upvotes", "5: words: ", "6: words: ", "9: days: '"]
