"""The commands that write: each calls a job, directly or as a Prefect flow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from extractors.landing.adopt import files_of, with_own_time
from extractors.sources import source_named
from flows.cli import options, output
from flows.cli.ending import end, tell_and_end
from flows.cli.progress import working
from flows.days import Days
from flows.jobs import ingest as fetching
from flows.jobs.adopt import adopt as adopt_job
from flows.jobs.facts import Choice, facts_of_files
from flows.jobs.facts import facts as facts_job
from flows.jobs.plan import backfill as backfill_job
from flows.jobs.plan import gap_days, planned
from flows.jobs.replay import replay as replay_job
from flows.jobs.replay_diff import difference, lines_of
from flows.pipeline.outcome import JobResult
from flows.pipeline.run import publish_snapshot
from flows.pipeline.work import Span, Work
from flows.settings import Settings, SettingsError, from_environment, has_prefect_api
from transforms.errors import PaperlogError

MANIFEST_SHOWN = ("published_at", "run_id", "schema_version", "digest", "row_counts")


class PrefectRunFailed(PaperlogError):
    """Prefect could not run the flow at all."""


@click.command()
@options.source_argument
@options.date_option
@options.from_option
@options.to_option
@options.answer_option
@options.publish_option
@options.prefect_option
def ingest(
    source: str,
    only: Days | None,
    first: Days | None,
    last: Days | None,
    answer: bool,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Fetch and load one or many partitions of SOURCE.

    A page is kept before it is read. A day without a list is recorded as such and is no failure; a page that changed
    its shape is refused as a whole, and the other days still load.
    """
    begin, end = options.span_of(first, last, only)
    flow = partial(_as_flow, "ingest", str(begin), source=source, to=str(end), answer=answer)
    job = partial(fetching.ingest, source=source, partitions=fetching.wanted(source, begin, end), answer=answer)
    _run(_fetching(source, answer=answer), job, flow, publish, through_prefect)


@click.command()
@options.source_argument
@options.from_option
@options.to_option
@click.option("--gaps", "only_gaps", is_flag=True, help="Only what `status --gaps` names; --from may be left out.")
@click.option("--all", "everything", is_flag=True, help="Also what is final already.")
@click.option("--dry-run", is_flag=True, help="Only show what would be asked for, and how long it takes.")
@options.publish_option
@options.prefect_option
def backfill(
    source: str,
    first: Days | None,
    last: Days | None,
    only_gaps: bool,
    everything: bool,
    dry_run: bool,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Fetch and load what is missing, open or refused between two days; stopped anywhere, a second call goes on."""
    if first is None and not only_gaps:
        raise click.UsageError("Missing option '--from': name the first day, or give --gaps.")
    if only_gaps and everything:
        raise click.UsageError("give either --gaps or --all")
    begin, end = options.span_of(first, last) if first else options.span_kept(first, last)
    settings = _fetching(source)
    if dry_run:
        _show_plan(settings, source, begin, end, only_gaps=only_gaps, everything=everything)
        return
    ends = [None if each is None else str(each) for each in (begin, end)]
    flow = partial(_as_flow, "backfill", ends[0], source=source, to=ends[1], everything=everything, gaps=only_gaps)
    job = partial(backfill_job, source=source, span=Span(first=begin, last=end), everything=everything, gaps=only_gaps)
    _run(settings, job, flow, publish, through_prefect)


@click.command()
@options.source_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@options.fetched_at_option
@click.option("--quiet", is_flag=True, help="No line for each file; what needs a look, and the summary.")
@options.publish_option
@options.prefect_option
def adopt(
    source: str,
    files: tuple[Path, ...],
    fetched_at: datetime | None,
    quiet: bool,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Keep and load pages or dumps of SOURCE that you already have; a directory stands for the files in it.

    Packed files (.gz) and archives of a browser or a crawler (.mhtml, .warc) are read too. What browsers save beside a
    page is left out. Exit code 1 if a file was refused, failed, or gave only a part of what it should.
    """
    paths = files_of(files)
    names = [str(path.absolute()) for path in paths]
    if fetched_at and (own := with_own_time(paths)):
        said = f"--fetched-at is not used for {len(own)} files with a time in their names: {own[0].name} …"
        output.line(said, is_error=True)
    moment = fetched_at and fetched_at.isoformat()
    flow = partial(_as_flow, "adopt", source=source, files=names, fetched_at=moment)
    job = partial(adopt_job, source=source, files=paths, fetched_at=fetched_at)
    _run(from_environment(), job, flow, publish, through_prefect, quiet=quiet)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--from",
    "first",
    type=options.day,
    metavar="DATE",
    help="Harvest changes since this day. Default: since the last harvest; the first time, since yesterday.",
)
@click.option("--only-missing", is_flag=True, help="Harvest nothing; only ask for ids of which nothing is known.")
@click.option("--categories", metavar="NAMES", default="", help="Of a metadata file only these, as 'cs stat.ML'.")
@click.option("--since", type=options.day, metavar="DATE", help="Of a metadata file only what changed since this day.")
@options.fetched_at_option
@options.publish_option
@options.prefect_option
def facts(
    files: tuple[Path, ...],
    first: date | None,
    only_missing: bool,
    categories: str,
    since: date | None,
    fetched_at: datetime | None,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Ask arXiv for the facts behind ids: versions, categories, comments, DOI, journal, licence.

    What changed is harvested once a day from OAI-PMH, in the sets of PAPERLOG_ARXIV_SETS; of papers that it did not
    bring, the API is asked, at most 100 ids at once. Both are asked once in three seconds. What a page printed stays as
    it is. Stopped anywhere, a second call goes on.

    With FILES nothing is asked: they are a file of arXiv's metadata, a JSON object a line, also packed as .gz or
    .zip, or saved answers of OAI-PMH; a directory stands for the files in it.
    """
    if files:
        if first or only_missing or through_prefect:
            raise click.UsageError(
                "files are read here, without asking: leave --from, --only-missing and --prefect out"
            )
        found = tuple(path for file in files for path in (sorted(file.iterdir()) if file.is_dir() else [file]))
        chosen = frozenset(categories.split())
        _load_files(Choice(files=found, categories=chosen, since=since, fetched_at=fetched_at), publish=publish)
    if categories or since or fetched_at:
        raise click.UsageError("--categories, --since and --fetched-at are for files: name some")
    if first and only_missing:
        raise click.UsageError("--only-missing harvests nothing: leave --from out")
    flow = partial(_as_flow, "facts", str(first) if first else None, only_missing=only_missing)
    job = partial(facts_job, first=first, only_missing=only_missing)
    _run(from_environment(), job, flow, publish, through_prefect)


@click.command()
@click.option("--source", type=options.SOURCE, help="Only pages of this source.")
@options.from_option
@click.option("--to", "last", type=options.span, metavar="DATE", help="Last day, included.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Build another home instead of this one."
)
@click.option("--diff", "as_diff", is_flag=True, help="Only show what all kept pages would change, and write nothing.")
@options.publish_option
@options.prefect_option
def replay(
    source: str | None,
    first: Days | None,
    last: Days | None,
    into: Path | None,
    as_diff: bool,
    publish: bool,
    through_prefect: bool | None,
) -> None:
    """Read the kept pages again, in the order in which they were kept, without network.

    Into the same home it heals what a page can heal and changes nothing else. With --into it builds another home with
    its own copies of the pages; the same pages give the same facts there.
    """
    begin, end = options.span_kept(first, last)
    settings = from_environment()
    if as_diff:
        if source or first or last or into:
            raise click.UsageError("--diff compares everything that is kept: give no other option")
        with working(settings) as work:
            found = difference(work)
        output.line("\n".join(lines_of(found)))
        return
    if into and into.absolute() == settings.home:
        raise click.UsageError("--into names the home that is replayed")
    ends, target = [None if each is None else str(each) for each in (begin, end)], into and str(into.absolute())
    flow = partial(_as_flow, "replay", ends[0], source=source, to=ends[1], into=target)
    job = partial(replay_job, source=source, span=Span(first=begin, last=end), into=into)
    _run(settings, job, flow, publish, through_prefect)


@click.command()
@click.option(
    "--full/--plain",
    default=None,
    help="Full: compact, for older DuckDB releases too. Default: full up to 20,000 papers.",
)
@click.option("--file", "is_file", is_flag=True, help="Of a lake: also write paperlog.duckdb into this home.")
@options.json_option
def publish(full: bool | None, is_file: bool, as_json: bool) -> None:
    """Replace the published snapshot by what is loaded now.

    Where the warehouse is a lake, its state is pinned and nothing is copied; `--file` makes the one file that `serve`,
    `search` and an analyst without access to the lake open.
    """
    manifest = publish_snapshot(from_environment(), full=full, is_file=is_file)
    value = {name: getattr(manifest, name) for name in MANIFEST_SHOWN}
    output.answer(value, output.manifest_line(manifest), as_json=as_json)


@click.command()
@options.source_argument
@options.date_option
@options.from_option
@options.to_option
@options.answer_option
def capture(source: str, only: Days | None, first: Days | None, last: Days | None, answer: bool) -> None:
    """Fetch pages of SOURCE and keep them in the landing without reading them; `replay` loads them later."""
    begin, end = options.span_of(first, last, only)
    with working(_fetching(source, answer=answer)) as work:
        pages = fetching.capture(work, source, fetching.wanted(source, begin, end), answer=answer)
    for each in pages:
        if each.reason:
            output.line(f"{each.source} {each.asked_on}: failed: {each.reason}", is_error=True)
    kept_count = sum(each.kept is not None for each in pages)
    output.line(f"capture: {kept_count} of {len(pages)} pages kept")
    sys.exit(kept_count < len(pages))


def _load_files(choice: Choice, *, publish: bool) -> NoReturn:
    settings = from_environment()
    with working(settings, publish=publish) as work:
        result = facts_of_files(work, choice)
    tell_and_end(settings, result)


def _show_plan(
    settings: Settings, source: str, first: date | None, last: date | None, *, only_gaps: bool, everything: bool
) -> None:
    for name in settings.lists_of(source):
        if only_gaps or first is None or last is None:
            days, is_all = gap_days(settings, name, Span(first=first, last=last)), True
        else:
            days, is_all = fetching.wanted(name, first, last), everything
        output.line("\n".join(planned(settings, name, days, everything=is_all).lines))


def _fetching(source: str, *, answer: bool = False) -> Settings:
    """The settings, once it is sure that the source can be fetched, or that it has an API that can be asked."""
    settings = from_environment()
    try:
        settings.requests_to(source_named(source), answer=answer)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    return settings


def _run(
    settings: Settings,
    job: Callable[[Work], JobResult],
    flow: Callable[..., JobResult],
    publish: bool,
    through_prefect: bool | None,
    *,
    quiet: bool = False,
) -> NoReturn:
    """Run a job, directly or as its flow, and leave with the exit code. A flow sends its messages itself."""
    if has_prefect_api() if through_prefect is None else through_prefect:
        end(settings, flow(publish=publish))
    with working(settings, publish=publish, quiet=quiet) as work:
        result = job(work)
    tell_and_end(settings, result)


def _as_flow(name: str, *first: str | None, **named: object) -> JobResult:
    """Run a flow in this process, reporting to Prefect."""
    # Only here, because importing Prefect takes seconds.
    from flows.scheduled import deployments  # noqa: PLC0415

    try:
        state = getattr(deployments, name)(*first, **named, return_state=True)
    except RuntimeError as error:
        raise PrefectRunFailed(f"{' '.join(str(error).split())}; --no-prefect runs without an API") from error
    result = deployments.result_of(state)
    if result is None:
        raise PrefectRunFailed(state.message or f"{name} ended without a result")
    return result
