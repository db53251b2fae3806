"""One week of reviews in many forms says what its plain dump says, or is refused; no lost line goes unnoticed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from textwrap import fill, indent

import pytest

from extractors.errors import PageChanged
from extractors.sources import weekly_review
from flows.demo.pages import weekly_dump
from flows.demo.papers import invented_paper, invented_review
from transforms.listing.normalize import normalize_all
from transforms.records import Page, Sighting

MakePage = Callable[..., Page]
Form = Callable[[str], str]
WEEK = date(2026, 6, 21)
DASH = "\u2013"


def _plain() -> str:
    papers = [invented_paper(number) for number in range(15)]
    reviews = [
        invented_review(paper, is_long=paper.number % 3 > 0, is_variant_a=paper.number % 2 > 0) for paper in papers
    ]
    return weekly_dump(WEEK, reviews[:3], reviews[3:])


PLAIN = _plain()


def _each(change: Callable[[str], str]) -> Form:
    return lambda text: "".join(f"{change(line)}\n" for line in text.splitlines())


def _body(change: Callable[[str], str]) -> Form:
    """The change on every line but the heading."""
    return lambda text: "".join(f"{change(line) if place else line}\n" for place, line in enumerate(text.splitlines()))


FORMS: dict[str, Form] = {
    "as it is": lambda text: text,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "paragraphs, as html2text 2025.4.15 and pandoc print them": lambda text: text.replace("\n", "\n\n"),
    "paragraphs three lines apart": lambda text: text.replace("\n", "\n\n\n").removesuffix("\n"),
    "indented, as elinks prints it": lambda text: indent(text, "   "),
    "indented by tabs": lambda text: indent(text, "\t"),
    "hard blanks before its lines": _each(lambda line: f"\u00a0{line}"),
    "blanks at its line ends": _each(lambda line: f"{line} \t"),
    "blank lines at its end": lambda text: f"{text}\n \n\n",
    "blank lines above it": lambda text: f"\n\n{text}",
    "quoted in a mail": _each(lambda line: f"> {line}"),
    "quoted twice with blank lines": lambda text: "".join(f">> {line}\n>>\n" for line in text.splitlines()),
    "a list of dashes": _body(lambda line: f"- {line}"),
    "a list of bullets, indented": _body(lambda line: f"  \u2022 {line}"),
    "a heading of Markdown": lambda text: f"## {text}",
    "a heading in bold": lambda text: re.sub(r"\A(.*)", r"**\1**", text),
    "labels in bold": lambda text: re.sub(r"(?m)^(Primary|All Institutions): ", r"**\1:** ", text),
    "labels in bold, their colons not": lambda text: re.sub(r"(?m)^(Primary|All Institutions): ", r"**\1**: ", text),
    "labels in a list": lambda text: re.sub(r"(?m)^(Primary|All Institutions): ", r"* \1: ", text),
    "a hyphen in its heading": lambda text: text.replace(DASH, "-", 1),
    "a long dash in its heading": lambda text: text.replace(DASH, "\u2014", 1),
    "months cut short": lambda text: text.replace("June", "Jun", 2),
    "hard blanks in its heading": lambda text: text.replace("Last 7 Days", "Last\u00a07\u00a0Days"),
}
# What tools put a backslash before when they make Markdown of a page, each in its own order.
ESCAPES: dict[str, Form] = {
    "markdownify": lambda text: re.sub(r"([*_])", r"\\\1", text),
    "html2text": lambda text: re.sub(
        r"(?m)^(\d+)(\.)(?=\s)", r"\1\\\2", re.sub(r"([*_`])", r"\\\1", re.sub(r"(\\)(?=[*_{}()])", r"\\\1", text))
    ),
    "html2text in full": lambda text: re.sub(r"([`*_{}\[\]()#!])", r"\\\1", re.sub(r"(\\)(?=[*_{}()])", r"\\\1", text)),
    "turndown": lambda text: re.sub(r"([\\*_`\[\]])", r"\\\1", text),
    "pandoc": lambda text: re.sub(r"([\\*_`\[\]<>#|~$])", r"\\\1", text),
    "labels in bold beside it": lambda text: FORMS["labels in bold"](re.sub(r"([*_])", r"\\\1", text)),
}
REFUSED: dict[str, tuple[Form, str]] = {
    "broken lines, as lynx and w3m print them": (
        _each(lambda line: fill(line, 72)),
        "line 2: expected an abstract on one line, found lines that are broken.* capture the page again",
    ),
    "broken lines that are quoted": (
        lambda text: indent(_each(lambda line: fill(line, 72))(text), "> "),
        "line 2: .* broken",
    ),
    "one broken line": (
        lambda text: re.sub(r"(?m)^(We study [^.]*\.) ", r"\1\n", text, count=1),
        "line 2: expected pairs of abstract and summary",
    ),
    "a blank line in one place": (lambda text: text.replace("\nPrimary", "\n\nPrimary", 1), "no blank lines, found ''"),
    "a paragraph less far": (
        lambda text: text.replace("\n", "\n\n").replace("\n\nPrimary", "\nPrimary", 1),
        "expected 1 blank lines above this line, as above most others, found 0",
    ),
    "no dash in its heading": (lambda text: text.replace(f" {DASH}", "", 1), "line 1: expected 'Last N Days"),
    "one bullet": (
        lambda text: text.replace("\nWe study", "\n- We study", 1),
        "expected a top entry that stands again",
    ),
    "labels in another language": (lambda text: text.replace("Primary:", "Hauptinstitut:"), "line [0-9]+"),
    "line ends of old computers": (lambda text: text.replace("\n", "\r"), "line 1: expected 'Last N Days"),
    "two weeks": (lambda text: text + text, "line [0-9]+"),
}


@pytest.fixture
def read(make_page: MakePage) -> Callable[[str], tuple[Sighting, ...]]:
    def reading(text: str) -> tuple[Sighting, ...]:
        (listing,) = weekly_review.SOURCE.parse(make_page("weekly_review", text))
        sightings, rejections = normalize_all(listing, read_on=date(2026, 6, 28))
        assert (listing.partition_on, listing.findings, rejections) == (WEEK, (), ())
        return sightings

    return reading


Read = Callable[[str], tuple[Sighting, ...]]
Facts = list[tuple[object, ...]]


def _facts(rows: tuple[Sighting, ...]) -> Facts:
    """What the rows say, without the numbers of their lines."""
    return [(row.section, row.position, row.abstract_raw, row.institutions, row.review) for row in rows]


def _facts_or_none(read: Read, text: str) -> Facts | None:
    """The rows' facts, or None for a text that is refused with its line."""
    try:
        return _facts(read(text))
    except PageChanged as error:
        if not re.search("line [0-9]+", str(error)):
            raise
        return None


@pytest.mark.parametrize("name", FORMS)
def test_a_form_says_what_the_plain_dump_says(name: str, read: Read) -> None:
    text = FORMS[name](PLAIN)
    rows = read(text)
    assert _facts(rows) == _facts(read(PLAIN))
    lines = text.splitlines()
    assert all((row.abstract_raw or "") in lines[(row.first_line or 0) - 1] for row in rows)


@pytest.mark.parametrize("name", FORMS)
def test_a_line_that_was_lost_is_noticed_or_says_nothing(name: str, read: Read) -> None:
    whole = _facts(read(PLAIN))
    lines = FORMS[name](PLAIN).splitlines(keepends=True)
    for place, lost in enumerate(lines):
        facts = _facts_or_none(read, "".join(lines[:place] + lines[place + 1 :]))
        assert facts is None or (facts == whole and not lost.strip(" >\t\r\n")), lost


MARKED = PLAIN.replace("We study ", r"We **study** $x_{a} \alpha$, 4\% \{b\}, `c_d` [and] #5 ")


@pytest.mark.parametrize("name", ESCAPES)
@pytest.mark.parametrize("text", [MARKED, MARKED.replace("`", "")], ids=["marks", "no code"])
def test_the_backslashes_of_a_tool_are_no_text(name: str, text: str, read: Read) -> None:
    assert _facts(read(ESCAPES[name](text))) == _facts(read(text))


@pytest.mark.parametrize("name", ESCAPES)
def test_without_asterisks_and_underscores_other_escapes_are_undone_by_nobody(name: str, read: Read) -> None:
    assert _facts_or_none(read, ESCAPES[name](PLAIN)) in (None, _facts(read(PLAIN)))


def test_a_lost_line_is_noticed_among_backslashes_too(read: Read) -> None:
    lines = ESCAPES["pandoc"](MARKED).splitlines(keepends=True)
    for place in range(len(lines)):
        assert _facts_or_none(read, "".join(lines[:place] + lines[place + 1 :])) is None


@pytest.mark.parametrize("own", [r"a\_b", r"\*a", r"5\% of \{x\}", r"\methodname"])
def test_a_backslash_of_the_page_itself_stays(own: str, read: Read) -> None:
    text = MARKED.replace("We **study**", f"We **study** {own}")
    assert any(own in (row.abstract_raw or "") for row in read(text))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("We study ", r"We study a\_b "),
        MARKED.replace("**", r"\*\*").replace("c_d", r"c\_d"),
    ],
    ids=["two of two", "most but not all"],
)
def test_where_nobody_can_tell_backslashes_stay_with_a_warning(text: str, make_page: MakePage) -> None:
    text = text.replace(r"a\_b ", "", text.count(r"a\_b ") - 2)
    (listing,) = weekly_review.SOURCE.parse(make_page("weekly_review", text))
    assert [each.check_name for each in listing.findings] == ["escapes_kept"]
    assert all((entry.abstract or "") in text for entry in listing.entries)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_in_doubt_is_refused_with_its_line(name: str, read: Read) -> None:
    form, message = REFUSED[name]
    with pytest.raises(PageChanged, match=message):
        read(form(PLAIN))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_in_doubt_stays_refused_without_any_one_line(name: str, read: Read) -> None:
    whole = _facts(read(PLAIN))
    lines = REFUSED[name][0](PLAIN).splitlines(keepends=True)
    for place in range(len(lines)):
        assert _facts_or_none(read, "".join(lines[:place] + lines[place + 1 :])) in (None, whole)
