"""The commands of whoever runs Paperlog: settings, back-up, health."""

from __future__ import annotations

import click

from flows.cli import options, output
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
