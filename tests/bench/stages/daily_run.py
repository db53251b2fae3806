"""One daily run end to end from a digest site on this machine: plain functions, and the same as a Prefect flow."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flows.demo.site import HTML, Answer, serving
from flows.scheduled.server import local_server
from tests.bench.data.day_pages import day_pages
from tests.bench.measure import Figures, child, here, middle

WARM = 2


def run(rounds: int) -> Figures:
    """Each day once with and once without Prefect, in one started process with a server that runs already."""
    pages = list(day_pages(WARM + rounds))
    answers = {f"/papers/date/{page.asked_on}": Answer(media_type=HTML, body=page.body) for page in pages}
    answers["/robots.txt"] = Answer(body=b"User-agent: *\nAllow: /\n")
    with tempfile.TemporaryDirectory() as folder, serving(answers) as base, local_server(Path(folder) / "p") as prefect:
        done = child(
            "-m",
            __name__,
            folder,
            *(str(page.asked_on) for page in pages),
            looks_every=0,
            **prefect,
            PAPERLOG_HF_DAILY_URL=base,
            PAPERLOG_REQUESTS_PER_SECOND="100",
            PREFECT_LOGGING_LEVEL="ERROR",
        )
    plain, flow = (done.printed[name][WARM:] for name in ("plain", "prefect"))
    return {
        "plain_s": middle(plain),
        "prefect_s": middle(flow),
        "prefect_costs_s": middle(with_it - without for with_it, without in zip(flow, plain, strict=True)),
        "import_prefect_s": float(f"{done.printed['import']:.3g}"),
        "peak_mb": round(done.peak_mb),
        "runs": rounds,
    }


def _days(folder: Path, days: list[date]) -> dict[str, Any]:
    """Times of each day, plain and as a flow, each into a home of its own."""
    began = time.perf_counter()
    from flows.scheduled import deployments  # noqa: PLC0415 - its import is one of the figures

    times: dict[str, Any] = {"import": time.perf_counter() - began, "plain": [], "prefect": []}
    runs = {
        "plain": _plain,
        "prefect": lambda day: deployments.ingest(day, source="hf_daily", to=day, return_state=True),
    }
    for day in days:
        for name, ingest in runs.items():
            os.environ["PAPERLOG_HOME"] = str(folder / name)
            times[name].append(here(partial(ingest, day)).wall)
    return times


def _plain(day: date) -> None:
    from flows.cli.progress import PlainProgress  # noqa: PLC0415
    from flows.jobs.ingest import ingest  # noqa: PLC0415
    from flows.pipeline.work import Work  # noqa: PLC0415 - after the import that is timed
    from flows.settings import from_environment  # noqa: PLC0415

    ingest(Work(settings=from_environment(), progress=PlainProgress()), "hf_daily", (day,))


if __name__ == "__main__":
    spent = _days(Path(sys.argv[1]), [date.fromisoformat(text) for text in sys.argv[2:]])
    sys.stdout.write("\n" + json.dumps(spent) + "\n")
