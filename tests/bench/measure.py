"""Times contenders in turn, round by round, so that a noisy machine is equally noisy to all of them."""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from tests.support.environment import scrubbed
from tests.support.places import ROOT

ROUNDS = 5
USAGE = Path(__file__).with_name("child_usage.py")
PACKAGES = ("duckdb", "prefect", "beautifulsoup4", "lxml", "selectolax", "dlt", "scrapy", "pandas")
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one piece of work took; `peak_mb` is known of whole processes only, `printed` is their last line as JSON.

    `pss_mb` is what all processes of a command had together, where somebody looked.
    """

    wall: float
    cpu: float
    peak_mb: float = 0.0
    pss_mb: float = 0.0
    printed: Any = None


def here(work: Callable[[], object]) -> Spent:
    """Run in this process."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def child(*arguments: str, looks_every: float = 0, **variables: str) -> Spent:
    """Run Python with the arguments in a process of its own; its last line may be JSON.

    Every `looks_every` seconds the memory of it and all that it started is looked at.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as usage:
        command = [sys.executable, "-S", str(USAGE), usage.name, str(looks_every), sys.executable, *arguments]
        wall = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=scrubbed(**variables), capture_output=True, text=True, check=False)
        wall = time.perf_counter() - wall
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}\n{done.stderr[-2000:]}")
        cpu, peak, together = map(float, usage.read().split())
    return Spent(wall=wall, cpu=cpu, peak_mb=peak, pss_mb=together, printed=_json_of(done.stdout))


def interleaved(contenders: Mapping[str, Callable[[], Spent]], rounds: int = ROUNDS) -> dict[str, list[Spent]]:
    """Every contender once a round, each round starting with another one."""
    names = list(contenders)
    spent: dict[str, list[Spent]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in (*names[turn:], *names[:turn]):
            spent[name].append(contenders[name]())
    return spent


def figures(spent: Mapping[str, Sequence[Spent]], base: str | None = None) -> dict[str, Figures]:
    """Medians of each contender, and how many times what `base` took in the same round (wall and CPU)."""
    return {name: _medians(runs) | (_times(runs, spent[base]) if base else {}) for name, runs in spent.items()}


def _medians(runs: Sequence[Spent]) -> Figures:
    return {
        "wall_s": middle(each.wall for each in runs),
        "cpu_s": middle(each.cpu for each in runs),
        "peak_mb": middle(each.peak_mb for each in runs),
        "runs": len(runs),
    }


def _times(runs: Sequence[Spent], own: Sequence[Spent]) -> Figures:
    pairs = list(zip(runs, own, strict=True))
    return {
        "times_wall": middle(other.wall / ours.wall for other, ours in pairs),
        "times_cpu": middle(other.cpu / ours.cpu for other, ours in pairs),
    }


def middle(values: Iterable[float]) -> float:
    """The median, with four digits."""
    return float(f"{median(values):.4g}")


def machine() -> Figures:
    """What the figures were measured on; never its name."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cores": os.cpu_count(),
        "cpu": models[0] if models else platform.machine(),
        "memory_gb": round(pages * size / 2**30),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "load_before": round(os.getloadavg()[0], 1),
    }


def _json_of(output: str) -> Any:
    last = output.strip().splitlines()[-1:]
    return json.loads(last[0]) if last and last[0][:1] in "[{" else None
