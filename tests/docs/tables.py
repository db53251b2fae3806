"""The tables of the pages that are made from the code: commands, settings, sources, evidence, make's targets."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from extractors.services import SERVICES
from extractors.source import Source
from extractors.sources import SOURCES
from flows.__main__ import cli
from flows.settings import variables
from flows.terms import may_be_shown
from tests.support.places import ROOT
from transforms.matching import authors, compare, evidence, titles
from transforms.records import Content
from transforms.search.query import FORMS

COMMON = {
    "--json": "print JSON",
    "--log-json": "progress and log lines as JSON on standard error",
    "--no-publish": "leave the snapshot as it is",
    "--no-prefect": "run as a Prefect flow, or not, whatever `PREFECT_API_URL` is",
}
"""Options that many commands share, by their last name: one line under the table instead of a place in every row."""

METAVARS = {"choice": "SOURCE", "integer range": "N"}


def commands() -> str:
    """Every command with its arguments and the first sentence of its help."""
    found = {name: _command(name) for name in sorted(cli.list_commands(click.Context(cli)))}
    rows = [(f"`{' '.join((name, *_usage(command)))}`", _first_lines(command)) for name, command in found.items()]
    shared = [_shared(found, option, meaning) for option, meaning in COMMON.items()]
    return "\n".join([_table(("command", "does"), rows), "", *shared])


def query_forms() -> str:
    """What a query of `search` is made of."""
    return _table(("part", "means"), [(f"`{form}`", meaning) for form, meaning in FORMS])


def settings() -> str:
    """Every setting, as a variable of the environment and as a key of the settings file."""
    rows = [
        (
            f"`{each.name}`",
            f"`{each.key}`" if each.key else "–",
            f"`{each.default}`" if each.default else "not set",
            each.meaning,
        )
        for each in variables()
    ]
    return _table(("variable", "key in `paperlog.toml`", "default", "meaning"), rows)


def sources() -> str:
    """Every source: a row of what its record states, then what its module's docstring tells of its pages."""
    rows = [
        (f"`{each.name}`", each.stands_for, each.comes_from, each.closes, str(each.trust)) for each in SOURCES.values()
    ]
    sections = [f"### `{source.name}`\n\n{_about(source)}" for source in SOURCES.values()]
    return "\n\n".join((_table(("source", "stands for", "comes from", "final", "trust"), rows), *sections))


def services() -> str:
    """Every service that knows facts by id: a row of what its record states, then what its docstring tells."""
    rows = [
        (f"`{each.name}`", each.gives, f"`{each.default_url}`" if each.default_url else "a file", each.terms)
        for each in SERVICES.values()
    ]
    about = {each.name: inspect.cleandoc(str(sys.modules[each.parse.__module__].__doc__)) for each in SERVICES.values()}
    sections = [f"### `{each.name}`\n\n{about[each.name]}\n\nVersion {each.version}." for each in SERVICES.values()]
    return "\n\n".join((_table(("service", "gives", "asked at", "terms"), rows), *sections))


def terms() -> str:
    """What of each source and service may be shown on public pages, beside facts and links."""
    contents = {
        Content.ABSTRACT: "abstracts",
        Content.REVIEW: "reviews",
        Content.SUMMARY: "summaries",
        Content.ACCOUNT: "names of accounts",
    }
    rows = [
        (f"`{name}`", *("yes" if may_be_shown(name, content) else "no" for content in contents))
        for name in (*SOURCES, *SERVICES)
    ]
    return _table(("source or service", *contents.values()), rows)


def targets() -> str:
    """What `make help` lists."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z-]+):.*?## (.+)$", text, flags=re.MULTILINE)
    return _table(("command", "does"), [(f"`make {name}`", meaning) for name, meaning in found])


def weights() -> str:
    """What each kind of evidence weighs, in bits."""
    last_days = evidence.DATE_BITS[-1][0] + 1
    dates = ", ".join(f"{bits:+g} up to {days} days" for days, bits in evidence.DATE_BITS)
    rows = (
        ("any two papers (the prior)", f"{evidence.PRIOR_BITS:+g}"),
        ("the same arXiv id, or the same DOI", f"{evidence.IDENTIFIER_BITS:+g}"),
        ("the same abstract, letter by letter", f"{evidence.ABSTRACT_EQUAL_BITS:+g}"),
        (
            f"at least {evidence.CONTAINMENT_SAME:.0%} of the shorter abstract's words stand in the longer one",
            f"{evidence.ABSTRACT_SAME_BITS:+g} and more",
        ),
        (f"from {evidence.CONTAINMENT_NEAR:.0%} on", "+6 to +22"),
        ("abstracts without rare words in common", f"{evidence.ABSTRACT_FOREIGN_BITS:+g}"),
        (f"the same title of {titles.EQUAL_TITLE_WORDS_LEAST} or more words", f"{titles.EQUAL_TITLE_BITS:+g}"),
        (f"a title that was cut after {titles.CUT_LETTERS_LEAST} letters or more", f"{titles.CUT_TITLE_BITS:+g}"),
        (
            "rare words that both titles have, less those that only one has",
            f"{titles.FOREIGN_TITLE_BITS:+g} to {titles.TITLE_MOST_BITS:+g}",
        ),
        (
            "authors by surname and initial, rare surnames most",
            f"up to {authors.AUTHORS_MOST_BITS + authors.IN_ORDER_BITS:+g}",
        ),
        (
            "both name people, and none is shared; less where a side has names that cannot be read",
            f"{authors.NOBODY_SHARED_BITS:+g}",
        ),
        ("only the number of authors is known: the same, or another", f"±{evidence.AUTHOR_COUNT_BITS:g}"),
        ("dates of publication", f"{dates}, {evidence.DATE_FAR_BITS:+g} from {last_days} days on"),
        ("the same web address", f"{evidence.URL_BITS:+g}"),
        ("one institution, or two and more", f"{evidence.INSTITUTION_BITS:+g}, {2 * evidence.INSTITUTION_BITS:+g}"),
        ("rare words of a description", f"up to {evidence.DESCRIPTION_MOST_BITS:+g}"),
        ("**one paper from**", f"**{compare.SAME_BITS:+g}**"),
        ("**listed for a person from**", f"**{compare.UNDECIDED_BITS:+g}**"),
    )
    return _table(("evidence", "bits"), rows)


def _command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None, name
    return found


def _usage(command: click.Command) -> Iterator[str]:
    for each in command.params:
        if isinstance(each, click.Argument):
            yield f"{each.make_metavar(click.Context(command)).strip('.')}{'…' if each.nargs == -1 else ''}"
        elif not COMMON.keys() & {*each.opts, *each.secondary_opts}:
            text = "/".join((each.opts[0], *each.secondary_opts)) + _value(each)
            yield text if each.required else f"[{text}]"


def _value(option: click.Parameter) -> str:
    if isinstance(option, click.Option) and option.is_flag:
        return ""
    kind = METAVARS.get(option.type.name, option.type.name)
    name = option.metavar or (str(option.name) if kind == "text" else kind).upper()
    return f" {name}{'…' if option.multiple else ''}"


def _first_lines(command: click.Command) -> str:
    return " ".join(str(command.help).split("\n\n")[0].split())


def _shared(found: dict[str, click.Command], option: str, meaning: str) -> str:
    names = [name for name, each in found.items() for of in each.params if option in (*of.opts, *of.secondary_opts)]
    spelled = "`--prefect`, `--no-prefect`" if option == "--no-prefect" else f"`{option}`"
    return f"* {spelled}: {meaning} ({', '.join(f'`{name}`' for name in names)})."


def _about(source: Source) -> str:
    schedules = ", ".join(f"`{each.cron}`" for each in source.schedules) or "none"
    facts = f"Extractor version {source.version}; schedules (UTC): {schedules}."
    return f"{inspect.cleandoc(str(sys.modules[source.parse.__module__].__doc__))}\n\n{facts}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
