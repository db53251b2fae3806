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

ROOT = Path(__file__).parents[2]
ROUNDS = 5
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one piece of work took; `peak_mb` is known of whole processes only, `said` is what they printed as JSON."""

    wall: float
    cpu: float
    peak_mb: float = 0.0
    said: Any = None


def here(work: Callable[[], object]) -> Spent:
    """Run in this process."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def child(*arguments: str, **environment: str) -> Spent:
    """Run Python with the arguments in a process of its own; its last line may be JSON."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as report:
        command = [sys.executable, "-S", str(ROOT / "bench" / "spent.py"), report.name, sys.executable, *arguments]
        wall = time.perf_counter()
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        wall = time.perf_counter() - wall
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}\n{done.stderr[-2000:]}")
        cpu, peak = map(float, report.read().split())
    return Spent(wall=wall, cpu=cpu, peak_mb=peak, said=_json_of(done.stdout))


def interleaved(contenders: Mapping[str, Callable[[], Spent]], rounds: int = ROUNDS) -> dict[str, list[Spent]]:
    """Every contender once a round, each round starting with another one."""
    names = list(contenders)
    spent: dict[str, list[Spent]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in (*names[turn:], *names[:turn]):
            spent[name].append(contenders[name]())
    return spent


def figures(spent: Mapping[str, Sequence[Spent]], base: str) -> dict[str, Figures]:
    """Medians of each contender, and how many times what `base` took in the same round (wall and CPU)."""
    return {
        name: {
            "wall_s": middle(each.wall for each in runs),
            "cpu_s": middle(each.cpu for each in runs),
            "peak_mb": middle(each.peak_mb for each in runs),
            "times_wall": middle(run.wall / own.wall for run, own in zip(runs, spent[base], strict=True)),
            "times_cpu": middle(run.cpu / own.cpu for run, own in zip(runs, spent[base], strict=True)),
            "runs": len(runs),
        }
        for name, runs in spent.items()
    }


def middle(values: Iterable[float]) -> float:
    """The median, with four digits."""
    return float(f"{median(values):.4g}")


def machine() -> Figures:
    """What the figures were measured on; never its name."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    models = [line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")]
    packages = ("duckdb", "prefect", "beautifulsoup4", "lxml", "selectolax", "dlt", "scrapy", "pandas")
    return {
        "cores": os.cpu_count(),
        "cpu": models[0] if models else platform.machine(),
        "memory_gb": round(pages * size / 2**30),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
        "load_before": round(os.getloadavg()[0], 1),
    }


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _json_of(output: str) -> Any:
    last = output.strip().splitlines()[-1:]
    return json.loads(last[0]) if last and last[0][:1] in "[{" else None
