"""Sources are found by name. A new one is one file: shown by adding an invented one, with nothing else edited."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors import sources
from extractors.errors import PageChanged
from extractors.sources import SOURCES, discover, source_named
from flows.demo.site import HTML, Answer, serving
from tests.extractors import toy_digest
from tests.support.commands import program
from tests.support.environment import scrubbed
from tests.support.places import ROOT
from transforms.records import Page

PAGE = """<!doctype html><html><body><main>
<time class="list-day" datetime="2026-01-07">Wednesday</time>
<article><h3><a href="2601.00001">Toy Papers at Scale</a></h3> <b>12</b>
<p>We fold toy papers with care, and show on ninety invented lists that a careful fold keeps its shape. Folding
by hand takes a morning; our fold takes a second and forgets nothing that was written on either side.</p></article>
<article><h3><a href="2601.00002">Paper Boats</a></h3> <b>3</b>
<p>Paper boats sink. We wax them, and measure for how long each one floats on four ponds and one lake. Waxed boats
float for a day, boats of waxed cardboard for a week, and the boat of the control group was lost on the lake.</p>
</article></main><a rel="next" href="2026-01-08.html">next</a></body></html>
"""


def test_every_module_and_folder_is_a_source_under_its_own_name() -> None:
    folder = Path(sources.__path__[0])
    present = {path.stem for path in folder.glob("[a-z]*") if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert set(SOURCES) == present
    for name in SOURCES:
        assert source_named(name).name == name


def test_an_unknown_source_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=f"no source is named 'hf'; there are: {', '.join(SOURCES)}$"):
        source_named("hf")
    with pytest.raises(ValueError, match=r"; did you mean 'hf_daily'\?$"):
        source_named("hf-dayly")


def test_a_source_under_another_name_than_its_module_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "misnamed"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "toy_digest.py").write_text("from extractors.sources.hf_daily import SOURCE\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=r"misnamed\.toy_digest holds the source 'hf_daily': use one name"):
        discover("misnamed", [str(package)])


@pytest.fixture(scope="module")
def paperlog(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """The command line where one file more lies beside the sources."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "extractors", tree / "extractors")
    shutil.copy(toy_digest.__file__, tree / "extractors" / "sources")
    environment = scrubbed(PYTHONPATH=f"{tree}{os.pathsep}{ROOT}", PAPERLOG_HOME=str(tree / "home"))

    def run(*arguments: object, **variables: str) -> str:
        done = program(environment | variables, "python", "-m", "flows", *arguments, cwd=tree)
        assert done.code == 0, done.err
        return done.out

    return run


def test_a_new_source_has_its_variable_in_the_help(paperlog: Callable[..., str]) -> None:
    shown = " ".join(paperlog("--help").split())
    assert "PAPERLOG_TOY_DIGEST_URL where the pages of toy_digest are fetched from (not set)" in shown


@pytest.mark.slow
def test_a_new_source_is_parsed_and_adopted_from_a_file(paperlog: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "day__fetched_20260109T120000Z.html"
    file.write_text(PAGE, encoding="utf-8")
    (printed,) = json.loads(paperlog("parse", "toy_digest", file))
    listing = printed["listing"]
    assert (listing["partition_on"], listing["is_closed"], len(listing["entries"])) == ("2026-01-07", True, 2)
    paperlog("adopt", "toy_digest", file)
    rows = paperlog("sql", "select arxiv_id, title, sources from papers order by arxiv_id", "--json")
    assert [(row["arxiv_id"], row["title"], row["sources"]) for row in json.loads(rows)] == [
        ("2601.00001", "Toy Papers at Scale", ["toy_digest"]),
        ("2601.00002", "Paper Boats", ["toy_digest"]),
    ]


@pytest.mark.slow
def test_a_new_source_is_fetched_from_its_address(paperlog: Callable[..., str]) -> None:
    with serving({"/2026-01-07.html": Answer(media_type=HTML, body=PAGE.encode())}) as base:
        told = paperlog("ingest", "toy_digest", "--date", "2026-01-07", PAPERLOG_TOY_DIGEST_URL=base)
    assert "toy_digest 2026-01-07: " in told
    assert "toy_digest" in paperlog("status")


def test_a_new_source_keeps_what_it_promises(make_page: Callable[..., Page]) -> None:
    page = make_page("toy_digest", PAGE, media_type="text/html")
    (listing,) = toy_digest.SOURCE.parse(page)
    assert [(entry.position, entry.arxiv_id, entry.metrics) for entry in listing.entries] == [
        (1, "2601.00001", (("upvotes", "12"),)),
        (2, "2601.00002", (("upvotes", "3"),)),
    ]
    with pytest.raises(PageChanged, match="main article: expected at least 1 elements, found 0"):
        toy_digest.SOURCE.parse(make_page("toy_digest", PAGE.replace("article>", "section>"), media_type="text/html"))
