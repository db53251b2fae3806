"""`python -m tests.flows.metadata_drill [COUNT]`: a file of so many invented records, killed, resumed, renewed.

Prints seconds, records a second and the greatest memory of a whole run, then kills three runs into another home and
resumes, and at last loads a second edition with one record in a hundred changed. The digests of all facts must agree.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from tests.bench.measure import child
from tests.support.arxiv_metadata import changed, records
from tests.support.environment import environment_of
from tests.support.patience import patient

KILLS = 3
NOWHERE = "http://127.0.0.1:9"
READ_AT = "--fetched-at", "2026-01-01T00:00:00Z"
RENEWED_AT = "--fetched-at", "2026-02-01T00:00:00Z"
DIGEST = """
    select count(*), bit_xor(hash(f)), sum(hash(f)::hugeint)
    from (select * exclude (read_at, page_sha256) from marts.arxiv_facts) as f"""
STATED = "select count(*) from raw.arxiv_facts"


def main(count: int) -> int:
    """0 if everything agrees."""
    with tempfile.TemporaryDirectory(prefix="paperlog-metadata-") as name:
        folder = Path(name)
        first, second = (_written(folder / f"edition{each}.json", count, each) for each in (1, 2))
        whole = environment_of(folder, NOWHERE, PAPERLOG_HOME=str(folder / "whole"))
        seconds, memory = _measured(whole, first)
        _say(f"{count:,} records in {seconds:.0f} s: {count / seconds:,.0f} a second, at most {memory:.0f} MB")
        broken = environment_of(folder, NOWHERE, PAPERLOG_HOME=str(folder / "broken"))
        for after in sorted(random.Random(count).uniform(0.15, 0.9) * seconds for _ in range(KILLS)):
            _killed(broken, first, after)
        _measured(broken, first)
        digests = [_asked(folder / each, DIGEST) for each in ("whole", "broken")]
        _say(f"killed {KILLS} times and resumed: {'the same digest' if digests[0] == digests[1] else digests}")
        stated = int(str(_asked(folder / "whole", STATED)[0]))
        seconds, memory = _measured(whole, second, RENEWED_AT)
        written = int(str(_asked(folder / "whole", STATED)[0])) - stated
        _say(
            f"second edition in {seconds:.0f} s, {memory:.0f} MB: {written:,} rows written, {changed(count):,} changed"
        )
        return int(digests[0] != digests[1] or written != changed(count))


def _written(path: Path, count: int, edition: int) -> Path:
    with path.open("wb") as file:
        file.writelines(records(count, edition=edition))
    return path


def _command(path: Path, read_at: tuple[str, str]) -> list[str]:
    return [sys.executable, "-m", "flows", "facts", str(path), *read_at, "--no-publish"]


def _measured(environment: Mapping[str, str], path: Path, read_at: tuple[str, str] = READ_AT) -> tuple[float, float]:
    """Seconds, and megabytes at most, of a run to its end."""
    _, *arguments = _command(path, read_at)
    spent = child(*arguments, looks_every=0, **environment)
    return spent.wall, spent.peak_mb


def _killed(environment: Mapping[str, str], path: Path, after: float) -> None:
    process = subprocess.Popen(_command(path, READ_AT), env=dict(environment), stdout=subprocess.DEVNULL)
    try:
        process.wait(patient(after))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()


def _asked(home: Path, query: str) -> tuple[object, ...]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        row: tuple[object, ...] = connection.execute(query).fetchall()[0]
        return row


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000))
