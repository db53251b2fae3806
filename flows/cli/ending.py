"""The end of a command that wrote: what it did, a message where a person should look, the exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

from flows.alerts.mend import next_steps
from flows.alerts.notify import message_of_job, notify
from flows.cli import output
from flows.pipeline.outcome import JobResult
from flows.settings import Settings


def end(settings: Settings, result: JobResult) -> NoReturn:
    """Print what a job did and what is left to do, and leave: with 1 if something was refused or failed."""
    output.print_result(result, next_steps(result, settings.urls))
    if result.manifest:
        output.line(output.manifest_line(result.manifest))
    sys.exit(1 if result.bad else 0)


def tell_and_end(settings: Settings, result: JobResult) -> NoReturn:
    """The same, with a message to the webhook; a flow sends its messages itself."""
    if result.needs_attention and (trouble := notify(settings, message_of_job(result, settings.urls))):
        output.line(trouble, is_error=True)
    end(settings, result)
