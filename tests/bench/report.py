"""The figures as a table and as a plot, for a terminal and for docs/benchmark.md; both from results.json alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from math import log2, sqrt
from statistics import NormalDist

from tests.bench.measure import Figures

CURVE_SHOWN = (-4, 0, 3, 6, 8, 12)
TIMES = "\N{MULTIPLICATION SIGN}"
Row = tuple[str, str, str]


def table(measured: Figures) -> str:
    """Markdown: what was measured, the figure, and how it compares."""
    lines = ["| what | figure | beside others, in the same rounds |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(measured)]
    return "\n".join([*lines, "", _machine(measured["machine"]), ""])


def plot(measured: Figures) -> str:
    """Bars on a logarithmic scale: how many times as long as Paperlog the others take for the same work."""
    groups = [
        ("reading a day page", _times(measured, "extract", "invented")),
        ("loading one day", _times(measured, "load", "one_day")),
        ("loading thirty days", _times(measured, "load", "thirty_days")),
        ("37 pages to tables", _times(measured, "load", "pages_to_tables")),
    ]
    return _svg((title, bars) for title, bars in groups if bars)


def _rows(measured: Figures) -> Iterator[Row]:
    for stage, rows in ROWS.items():
        if stage in measured:
            yield from rows(measured[stage])


def _extract(measured: Figures) -> Iterator[Row]:
    own = measured["invented"]["paperlog, with all checks"]
    yield ("read a day page (15 to 71 entries)", f"{own['ms_per_page']} ms CPU", _others(measured["invented"]))
    if captured := measured.get("captured"):
        page = f"read a captured page ({measured['captured_kb']} KB)"
        yield (page, f"{captured['paperlog, with all checks']['cpu_s'] * 1000:.1f} ms CPU", _others(captured))


def _steps(measured: Figures) -> Iterator[Row]:
    for name, each in measured.items():
        yield (name, f"{each['entries_per_s']:,} entries/s", "")


def _load(measured: Figures) -> Iterator[Row]:
    titles = {
        "one_day": "load one day (36 entries)",
        "thirty_days": "load thirty days at once (1,080 entries)",
        "pages_to_tables": "37 saved pages to tables, whole process",
    }
    for name, title in titles.items():
        own = measured[name]["paperlog"]
        memory = f", {own['peak_mb']:.0f} MB" if own["peak_mb"] else ""
        yield (title, f"{own['wall_s']:.3g} s, {own['cpu_s']:.3g} s CPU{memory}", _others(measured[name]))


def _growth(measured: Figures) -> Iterator[Row]:
    for reading in ("first_reading", "second_reading"):
        times = ", ".join(
            f"{int(size):,}: {each[f'{reading}_wall_s'] * 1000:.0f} ms" for size, each in _sizes(measured)
        )
        what = f"load of a day by papers in the warehouse, {reading.replace('_', ' ')}"
        ratio = f"largest {measured[f'{reading}_ratio']}{TIMES} smallest, CPU {measured[f'{reading}_ratio_cpu']}{TIMES}"
        yield (what, times, f"{ratio}; exponent {measured[f'{reading}_exponent']}")
    for what, name in (("the file", "bytes_a_paper"), ("the resolver's side index", "index_bytes_a_paper")):
        sizes = ", ".join(f"{int(size):,}: {each[name]:,}" for size, each in _sizes(measured))
        yield (f"bytes a paper in {what}", sizes, "")


def _sizes(measured: Figures) -> list[tuple[str, Figures]]:
    return list(measured["sizes"].items())


def _arrive(measured: Figures) -> Iterator[Row]:
    for size, each in _sizes(measured):
        batches = [(name[6:], spent) for name, spent in each.items() if name.startswith("batch_")]
        times = ", ".join(f"{count}: {spent['wall_s']:.2g} s ({spent['cpu_s']:.2g} s CPU)" for count, spent in batches)
        is_largest = size == max(measured["sizes"], key=int) and len(measured["sizes"]) > 1
        exponent = f"; exponent of the largest batch {measured['exponent']}" if is_largest else ""
        made = ", ".join(f"{spent:.3g} s by {count}" for count, spent in each["index_made_s"].items())
        beside = (
            f"{each['peak_mb']} MB; side index {each['index_bytes_a_paper']:,} bytes a paper, made in"
            f" {made}{exponent}"
            f"; {each['candidates_an_entry']} candidates an entry"
            f"; links of retellings: precision {_share(each['right'], each['made'])}"
            f"; recall {_share(each['right'], each['sought'])}"
        )
        yield (f"resolve a batch against {int(size):,} papers, look-ups included", times, beside)


def _match(measured: Figures) -> Iterator[Row]:
    for what, each in measured["noise"].items():
        yield _matched(what, each)
        curve = {point["bits"]: f"{point['precision']:.4g} / {point['recall']:.3g}" for point in each["curve"]}
        shown = ", ".join(f"{bits:+d} bits: {curve[bits]}" for bits in CURVE_SHOWN)
        yield ("the same by single pairs from a threshold on, before any veto", shown, "")
    yield from (_matched(what, each) for what, each in measured["labelled"].items())


def _matched(what: str, records: Figures) -> Row:
    (own, *others) = records["contenders"].items()
    beside = "; ".join(f"{name} {_rates(rates)}" for name, rates in others)
    return (f"match {what}: precision / recall / F1", f"{_rates(own[1])}; {_intervals(own[1])}", beside)


def _intervals(rates: Figures) -> str:
    """Both rates as counts, each with its interval."""
    of_found, of_true = (_share(rates["right"], rates[whole]) for whole in ("found", "true"))
    return f"precision {of_found}; recall {of_true}"


def _share(part: int, whole: int) -> str:
    """A share with its 95 % interval as Wilson gives it, which holds near 0 and 1 too."""
    z = NormalDist().inv_cdf(0.975)
    share, weight = part / whole, z * z / whole
    middle = (share + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * sqrt(share * (1 - share) / whole + weight / (4 * whole))
    return f"{share:.4g} ({part:,} of {whole:,}: {middle - reach:.4f} to {min(1.0, middle + reach):.4f})"


def _rates(rates: Figures) -> str:
    if "failed" in rates:
        return "failed"
    three = f"{rates['precision']:.4g} / {rates['recall']:.3g} / {rates['f1']:.3g}"
    return f"{three} ({rates['entries_per_cpu_second']:,} entries/s)"


def _replay(measured: Figures) -> Iterator[Row]:
    for name, each in measured.items():
        days, _, processes = name.partition(" in ")
        beside = f", {processes} processes" if processes not in {"", "1"} else ""
        what = f"replay {int(days):,} days ({each['entries']:,} entries){beside}"
        size = f"{each.get('pss_mb', each['peak_mb']):.0f} MB, file {each['file_mb']} MB"
        yield (what, f"{each['wall_s']:.3g} s, {each['cpu_s']:.3g} s CPU", size)


def _daily(measured: Figures) -> Iterator[Row]:
    cost = f"Prefect adds {measured['prefect_costs_s']:.2f} s (server running, process started)"
    yield ("one daily run: fetch, load, publish", f"{measured['plain_s']:.2f} s", cost)


def _start(measured: Figures) -> Iterator[Row]:
    own = measured["the command line, ready for sql, status, search"]
    yield ("start of the command line", f"{own['wall_s']:.2f} s, {own['cpu_s']:.2f} s CPU", _others(measured))


def _ask(measured: Figures) -> Iterator[Row]:
    for size, each in measured.items():
        full = f", in full {each['publish_full_s']:.1f} s" if "publish_full_s" in each else ""
        yield (f"publish {int(size):,} papers", f"{each['publish_quick_s']:.2f} s{full}", f"{each['snapshot_mb']} MB")
    for name in next(iter(measured.values()))["questions_ms"]:
        times = {size: each["questions_ms"].get(name) for size, each in measured.items()}
        asked = ", ".join(f"{int(size):,}: {ms:.0f} ms" for size, ms in times.items() if ms is not None)
        # The files of docs/analyse.md's questions are numbered; what else was asked has its plain name.
        yield (f"asked: {name[3:].replace('_', ' ') if name[:2].isdigit() else name}", asked, "")


def _search(measured: Figures) -> Iterator[Row]:
    for size, each in measured.items():
        day = f"after a day's load {each['after_a_day_cpu_s']:.2g} s CPU ({each['after_a_day_s']:.2g} s)"
        at_once = f"made at once {each['at_once_cpu_s']:.3g} s CPU ({each['at_once_s']:.3g} s)"
        yield (f"search index of {int(size):,} papers", f"{day}, {at_once}", f"{each['index_mb']} MB")
    for name in next(iter(measured.values()))["queries_ms"]:
        times = ", ".join(
            f"{int(size):,}: {each['queries_cpu_ms'][name]:.0f} ms CPU ({each['queries_ms'][name]:.0f} ms)"
            for size, each in measured.items()
        )
        yield (f"search: {name}", times, "")


ROWS: dict[str, Callable[[Figures], Iterator[Row]]] = {
    "extract": _extract,
    "steps": _steps,
    "load": _load,
    "match": _match,
    "arrive": _arrive,
    "growth": _growth,
    "replay": _replay,
    "daily": _daily,
    "start": _start,
    "ask": _ask,
    "search": _search,
}


def _others(contenders: Figures) -> str:
    rest = [(name, each) for name, each in contenders.items() if each["times_cpu"] != 1]
    return "; ".join(
        f"{name} {each['times_wall']:.2g}{TIMES} ({each['times_cpu']:.2g}{TIMES} CPU)" for name, each in rest
    )


def _times(measured: Figures, stage: str, part: str) -> list[tuple[str, float]]:
    contenders = (measured.get(stage) or {}).get(part) or {}
    return [(name, each["times_wall"]) for name, each in contenders.items()]


def _machine(about: Figures) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    return (
        f"{about['cores']} cores of {about['cpu']}, {about['memory_gb']} GB, Python {about['python']}; {versions}. "
        f"Medians of interleaved runs; {TIMES} is the median ratio within a round: above 1, the other takes longer."
    )


def _svg(groups: Iterable[tuple[str, list[tuple[str, float]]]]) -> str:
    parts: list[str] = []
    top = 10.0
    for title, bars in groups:
        parts.append(f'<text x="10" y="{top + 14}" font-weight="bold">{escape(title)}</text>')
        parts += [line for place, bar in enumerate(bars) for line in _bar(top + 22 + 18 * place, *bar)]
        top += 34 + 18 * len(bars)
    body = "\n".join(parts)
    style = "font-family: sans-serif; font-size: 12px; fill: #222"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{top:.0f}" style="{style}">\n'
        f'<rect width="760" height="{top:.0f}" fill="white"/>\n{body}\n</svg>\n'
    )


def _bar(top: float, name: str, times: float) -> list[str]:
    """One bar from 1/16 to 64 times on a scale of powers of two."""
    low, high, left, width = 0.0625, 64.0, 300.0, 380.0
    share = log2(min(max(times, low), high) / low) / log2(high / low)
    color = "#2f6f9f" if times == 1 else "#9aa5ad" if times >= 1 else "#d8a24a"
    return [
        f'<text x="{left - 8}" y="{top + 11}" text-anchor="end">{escape(name)}</text>',
        f'<rect x="{left}" y="{top}" width="{share * width:.1f}" height="13" fill="{color}"/>',
        f'<text x="{left + share * width + 5:.1f}" y="{top + 11}">{times:.2g}{TIMES}</text>',
    ]
