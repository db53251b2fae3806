"""`python -m tests.drills.flips [COUNT]`: damages each derived file and the landing at random, and asks everything.

After each damage the readers ask, `check` looks, a writer loads a page and publishes, and the readers ask again. An
answer that is another one, though no command and neither check nor audit said a word, is silently wrong: this fails.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path

from flows.demo.site import serving, site
from tests.drills.damage import TARGETS, damaged
from tests.drills.home import LATER, Answers, findings, kept, made, published, said, status, variables
from warehouse.home import KEPT, MANIFEST, SEARCH, SNAPSHOT

LANDING = "landing"
ENDS = ("silently wrong", "told by check alone", "told", "harmless")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one damage. `is_healed`: something was told, and after the writer all answers were right again."""

    target: str
    kind: str
    what: str
    end: str
    is_healed: bool
    wrong: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The undamaged home and the site of its pages."""

    home: Path
    base: str


def flips(folder: Path, counts: dict[str, int], *, seed: int = 20261126, processes: int = 1) -> Iterator[Outcome]:
    """Damage a copy of one home so often in each target, and look each time at everything."""
    work = [(target, f"{seed} {target} {number}") for target, count in counts.items() for number in range(count)]
    with serving(site()) as base:
        ground = Ground(home=made(folder, base), base=base)
        if processes == 1:
            yield from (_outcome(ground, each) for each in work)
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, context) as pool:
            yield from pool.map(partial(_outcome, ground), work)


def _outcome(ground: Ground, work: tuple[str, str]) -> Outcome:
    target, seed = work
    expected, home = _undisturbed(ground, target), _copied(ground)
    kind, what = damaged(home, target, random.Random(seed))
    met = _looked_at(ground, home, target, expected)
    now, later = _differing(met.now, expected.now), _differing(met.later, expected.later)
    is_silent = (now and not met.found_now) or (later and not met.told)
    end = "silently wrong" if is_silent else "told by check alone" if now else "told" if met.told else "harmless"
    return Outcome(
        target=target,
        kind=kind,
        what=what,
        end=end,
        is_healed=bool(met.told) and not later and not _errors(met.later),
        wrong=(*(f"now {each}" for each in now), *(f"later {each}" for each in later)),
        words=tuple(each[:300] for each in met.told),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Met:
    """What was seen of one home: the answers before and after the writer, and who said what of it."""

    now: Answers
    later: Answers
    found_now: frozenset[str]
    complaints: tuple[str, ...] = ()
    found_later: frozenset[str] = frozenset()

    @property
    def told(self) -> tuple[str, ...]:
        """Every word."""
        errors = {str(answer) for answer in (*self.now.values(), *self.later.values()) if isinstance(answer, Exception)}
        return (*sorted(errors), *sorted(self.found_now), *self.complaints, *sorted(self.found_later))


@cache
def _undisturbed(ground: Ground, target: str) -> _Met:
    home = _copied(ground)
    now, found_now = _now(ground, home, target), _found(ground, home)
    later, complaints = _later(ground, home, target)
    if complaints:
        raise RuntimeError(f"undisturbed, and yet: {complaints}")
    return _Met(now=now, later=later, found_now=found_now, found_later=_found(ground, home))


def _looked_at(ground: Ground, home: Path, target: str, expected: _Met) -> _Met:
    """The audit is asked where `check` says nothing of an answer that is another one, and both again at the end."""
    environment = variables(home, ground.base)
    now = _now(ground, home, target)
    found_now = findings(environment, "check") - expected.found_now
    if _differing(now, expected.now) and not found_now:
        found_now = findings(environment, "audit") - expected.found_now
    later, complaints = _later(ground, home, target)
    met = _Met(now=now, later=later, found_now=found_now, complaints=complaints)
    if _differing(later, expected.later) and not met.told:
        return replace(met, found_later=_found(ground, home) - expected.found_later)
    return met


def _found(ground: Ground, home: Path) -> frozenset[str]:
    environment = variables(home, ground.base)
    return findings(environment, "check") | findings(environment, "audit")


def _now(ground: Ground, home: Path, target: str) -> Answers:
    """What readers get of the file; of those that no reader opens nothing is asked."""
    if target == KEPT:
        return kept(home)
    if target in {SNAPSHOT, SEARCH, MANIFEST}:
        return {**published(home), "status": status(home, variables(home, ground.base))}
    return {}


def _later(ground: Ground, home: Path, target: str) -> tuple[Answers, tuple[str, ...]]:
    """What readers get once a page was loaded, and for the landing once all was replayed; with all complaints."""
    environment, other = variables(home, ground.base), home.with_name("other")
    done = [said(environment, "adopt", "hf_daily", ground.home.with_name(LATER))]
    answers = published(home)
    if target == LANDING:
        done.append(said(environment, "replay", "--into", other))
        answers = {**answers, **{f"replayed {name}": answer for name, answer in published(other).items()}}
    return answers, tuple(each.complaint for each in done if each.complaint)


def _differing(answers: Answers, expected: Answers) -> tuple[str, ...]:
    """The names of the answers that are other ones; an error is none."""
    return tuple(
        name for name, answer in answers.items() if not isinstance(answer, Exception) and answer != expected[name]
    )


def _errors(answers: Answers) -> bool:
    return any(isinstance(answer, Exception) for answer in answers.values())


def _copied(ground: Ground) -> Path:
    place = ground.home.with_name(f"damaged-{os.getpid()}")
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(ground.home, place / "home")


def told(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The outcomes of one target, in lines."""
    ends = Counter(each.end for each in outcomes)
    healed = sum(each.is_healed for each in outcomes)
    figures = ", ".join(f"{ends[end]} {end}" for end in reversed(ENDS))
    yield f"{outcomes[0].target}: {len(outcomes)} damaged: {figures}; {healed} healed by the next writer"
    for (kind, end), count in sorted(Counter((each.kind, each.end) for each in outcomes).items()):
        yield f"  {count:4} {kind}: {end}"
    for each in outcomes:
        if each.end == ENDS[0]:
            yield f"  {each.what}: {', '.join(each.wrong)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.flips", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=200, help="damages to each file; half as many to pages")
    parser.add_argument("--target", action="append", choices=TARGETS, help="default: all")
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="every outcome as JSON, one a line")
    return parser.parse_args()


def _main() -> int:
    wanted, began, outcomes = _arguments(), time.monotonic(), dict[str, list[Outcome]]()
    counts = {each: wanted.count // (2 if each == LANDING else 1) for each in wanted.target or TARGETS}
    with tempfile.TemporaryDirectory(prefix="paperlog-flips-") as name:
        for each in flips(Path(name), counts, seed=wanted.seed, processes=wanted.processes):
            outcomes.setdefault(each.target, []).append(each)
            _write(wanted.out, each)
            if len(outcomes[each.target]) == counts[each.target]:
                lines = "\n".join(told(outcomes[each.target]))
                sys.stdout.write(f"{lines}\n  {time.monotonic() - began:.0f} s\n")
                sys.stdout.flush()
    return int(any(each.end == ENDS[0] for group in outcomes.values() for each in group))


def _write(out: Path | None, outcome: Outcome) -> None:
    if out is not None:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")


if __name__ == "__main__":
    sys.exit(_main())
