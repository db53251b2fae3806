"""The commands of whoever runs Paperlog: settings, back-up, health."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli import options, output
from flows.operate.backup import backup as make_backup
from flows.operate.backup_list import Backup
from flows.operate.restore import restore as restore_backup
from flows.settings import from_environment, unknown_variables, values_of


@click.command()
@options.json_option
def config(as_json: bool) -> None:
    """Show every setting, its value and where it comes from: the environment, the settings file, or the default.

    The file is `paperlog.toml` in the current folder, or the one that PAPERLOG_CONFIG names. Secrets are not shown.
    """
    for line in unknown_variables():
        click.echo(f"warning: {line}", err=True)
    values = values_of().values()
    rows = [
        {"setting": each.variable.name, "key": each.variable.key, "value": each.shown, "from": each.origin}
        for each in values
    ]
    output.show(output.table_of(rows), as_json=as_json)
    from_environment()  # a value that cannot be used is shown above, and then refused by name


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@options.json_option
def backup(directory: Path, as_json: bool) -> None:
    """Copy the home into DIRECTORY, also while it is in use: pages, decisions, the warehouse and all snapshots.

    A list of hashes is written last. A second time only new pages are copied. Ended in between, an earlier back-up in
    DIRECTORY stands.
    """
    _show_backup("backed up", make_backup(from_environment(), directory), directory, as_json=as_json)


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.json_option
def restore(directory: Path, as_json: bool) -> None:
    """Put the back-up in DIRECTORY into PAPERLOG_HOME, which must be empty; every file is checked first."""
    _show_backup("restored", restore_backup(from_environment(), directory), directory, as_json=as_json)


def _show_backup(what: str, made: Backup, directory: Path, *, as_json: bool) -> None:
    value = {"directory": str(directory), "made_at": made.made_at, "published_at": made.published_at}
    value |= {"files": len(made.files), "bytes": made.size, "digest": made.digest}
    digest = made.digest or "none: nothing was published"
    line = f"{what}: {len(made.files):,} files, {made.size / 1e6:,.1f} MB; digest {digest}"
    output.answer(value, line, as_json=as_json)
