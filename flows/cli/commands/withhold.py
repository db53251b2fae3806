"""`paperlog withhold`: texts and names that somebody asked to take down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from extractors.services import SERVICES
from extractors.sources import SOURCES
from flows.cli import options, output
from flows.home import REPORT
from flows.jobs.withhold import Takedown, decisions_in_effect, withheld_now
from flows.jobs.withhold import withhold as withhold_job
from flows.places.warehouse import warehouse_of
from flows.settings import Settings, from_environment
from flows.shown import counted
from transforms.errors import PaperlogError
from transforms.records import TEXTS, Content, WithholdDecision
from warehouse import Manifest, Reader, paper_named

ALL = "all"


class UnknownName(PaperlogError):
    """No author or account of that name is known, so that nothing would be taken out."""


def _named(_context: click.Context, parameter: click.Parameter, given: str | tuple[str, str] | None) -> Any:
    """What was given, or a usage error for what names nothing: a shell variable that is not set is an empty text."""
    for text in (given,) if isinstance(given, str) else given or ():
        if not any(sign.isalnum() for sign in text):
            raise click.BadParameter(f"{text!r} names nothing; is a variable of the shell empty?", param=parameter)
    return given


@click.command()
@click.argument("paper", required=False, callback=_named)
@click.option(
    "--text",
    "texts",
    multiple=True,
    type=click.Choice([*(str(each) for each in TEXTS), ALL]),
    metavar="TEXT",
    help="abstract, review, summary or all; repeat. Default: all, unless an author is named.",
)
@click.option("--author", metavar="NAME", callback=_named, help="The name of an author of the paper.")
@click.option(
    "--account",
    nargs=2,
    metavar="SOURCE NAME",
    callback=_named,
    help="Instead of a paper: the exact name of an account of a source or service.",
)
@click.option("--reason", type=options.reason_of, metavar="REASON", help="Why, for those who read it later.")
@click.option("--undo", is_flag=True, help="Take the decision back: it is published again.")
@options.json_option
def withhold(
    paper: str | None,
    texts: tuple[str, ...],
    author: str | None,
    account: tuple[str, str] | None,
    reason: str | None,
    undo: bool,
    as_json: bool,
) -> None:
    """Take texts of PAPER, an author's name on it, or an account's name out of what is published; list what is.

    Nothing of it is left in the snapshot, its search index, and what is made of them from then on. Reports, exports,
    sites, digests and back-ups made earlier still have it: make them again, or delete them. The facts stay: the paper,
    its ids, dates, links and numbers. The landing, the writer's file and its side index keep what was read, and every
    replay repeats the decision. A later page that brings the text again changes nothing. PAPER is a key, arXiv id, DOI,
    address or title.
    Without one, and without --account, list what is withheld and why.
    """
    settings = from_environment()
    if paper is None and account is None:
        if texts or author is not None or reason is not None or undo:
            raise click.UsageError("name a PAPER, or an --account")
        _list(settings, as_json=as_json)
        return
    if paper is not None and account is not None:
        raise click.UsageError("give a PAPER or an --account, not both")
    if account is not None and (texts or author is not None):
        raise click.UsageError("--text and --author are of a paper")
    if reason is None:
        raise click.UsageError("write why with --reason")
    with warehouse_of(settings).reader() as reader:
        takedowns = (
            [_of_account(reader, settings, account, reason, is_withheld=not undo)]
            if account
            else _of_paper(
                reader, settings, Paper(text=str(paper), texts=texts, author=author), reason, is_withheld=not undo
            )
        )
    published = [manifest for each in takedowns if (manifest := _do(settings, each))]
    if published and not undo:
        output.line(_written_earlier(settings, published[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as a person named it, and what of it is meant."""

    text: str
    texts: tuple[str, ...]
    author: str | None

    @property
    def contents(self) -> tuple[Content, ...]:
        """The texts that are meant: all of them where nothing is said."""
        if ALL in self.texts or not (self.texts or self.author is not None):
            return TEXTS
        return tuple(each for each in TEXTS if each in self.texts)


def _of_paper(reader: Reader, settings: Settings, paper: Paper, reason: str, *, is_withheld: bool) -> list[Takedown]:
    found = paper_named(reader, paper.text)
    sightings = tuple(str(row[0]) for row in reader.named("explain_members", {"key": found.paper_key}).rows)
    subject = f"{found.paper_key} ({found.title or 'no title'})"
    made = []
    if paper.contents:
        made.append(
            Takedown(
                subject=subject, contents=paper.contents, sightings=sightings, is_withheld=is_withheld, reason=reason
            )
        )
    if paper.author is not None:
        named = Takedown(
            subject=f"{subject}, {paper.author}",
            contents=(Content.AUTHOR,),
            sightings=sightings,
            name=paper.author,
            is_withheld=is_withheld,
            reason=reason,
        )
        known = {"key": found.paper_key, "name": paper.author}
        is_held = named.contents_in_effect(withheld_now(settings))
        if is_withheld and not is_held and not reader.named("read_author", known).rows:
            raise UnknownName(f"{subject}: no source names {paper.author!r} as its author")
        made.append(named)
    return made


def _of_account(
    reader: Reader, settings: Settings, account: tuple[str, str], reason: str, *, is_withheld: bool
) -> Takedown:
    source, name = account
    if source not in SOURCES and source not in SERVICES:
        raise click.UsageError(f"{source} is no source or service: {', '.join((*SOURCES, *SERVICES))}")
    made = Takedown(
        subject=f"{source}, account {name}",
        contents=(Content.ACCOUNT,),
        source=source,
        name=name,
        is_withheld=is_withheld,
        reason=reason,
    )
    is_held = made.contents_in_effect(withheld_now(settings))
    if is_withheld and not is_held and not reader.named("read_account", {"source": source, "name": name}).rows:
        raise UnknownName(f"{source}: nothing that was read names an account {name!r}; the name must be exact")
    return made


def _do(settings: Settings, takedown: Takedown) -> Manifest | None:
    """What was published then; None where nothing was to do."""
    result, contents = withhold_job(settings, takedown)
    if not result.results or result.manifest is None:
        output.line(f"{takedown.subject}: nothing to do, that was decided before")
        return None
    done = "withheld" if takedown.is_withheld else "published again"
    what = ", ".join(contents)
    run_id = result.results[0].outcome.run_id
    count = counted(result.manifest.withheld_count, "text or name is", "texts and names are")
    output.line(f"{takedown.subject}: {what} {done}, recorded in run {run_id}; {count} not in the snapshot")
    return result.manifest


def _written_earlier(settings: Settings, manifest: Manifest) -> str:
    """What still has it, as nobody knows where people wrote files; the home's own report is named if it is there."""
    said = "reports, exports, sites, digests and back-ups made earlier still have it: make them again, or delete them"
    report = settings.home / REPORT
    is_older = report.exists() and report.stat().st_mtime < manifest.published_at.timestamp()
    return f"{said}; {report} is one, which `paperlog report` makes again" if is_older else said


def _list(settings: Settings, *, as_json: bool) -> None:
    """Every decision that holds, with names and reasons: the landing has them, the snapshot does not."""
    with warehouse_of(settings).reader() as reader:
        rows = [_row(reader, decision, contents) for decision, contents in decisions_in_effect(settings)]
    lines = [
        f"{each['decided_at']:%Y-%m-%d} {', '.join(each['contents'])}: {each['subject']}: {each['reason']}"
        for each in rows
    ]
    output.answer(rows, "\n".join(lines) or "nothing is withheld", as_json=as_json)


def _row(reader: Reader, decision: WithholdDecision, contents: Sequence[Content]) -> dict[str, Any]:
    papers = reader.named("read_papers_of", {"sightings": list(decision.sightings)}).dicts
    named = [f"{each['paper_key']} ({each['title'] or 'no title'})" for each in papers] or list(decision.sightings)
    subject = [*named, *([decision.source] if decision.source else []), *([decision.name] if decision.name else [])]
    return {
        "contents": [str(each) for each in contents],
        "subject": ", ".join(subject),
        "papers": [each["paper_key"] for each in papers],
        "source": decision.source,
        "name": decision.name,
        "reason": decision.reason,
        "decided_at": decision.decided_at,
    }
