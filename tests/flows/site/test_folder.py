"""The folder of a site: only what changed is rewritten, files of others stay, a run that was stopped heals."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.pages import links
from flows.pages.links import file_of
from flows.site.folder import MANIFEST, WAITING, SiteFolderError, Written, opened
from flows.site.write import Site
from tests.support.commands import started
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.sites import files_in, site_of
from tests.support.small import KITES, LOOMS, MONDAY, SALT, TIDES, at, built, daily, first_batches
from warehouse import Warehouse, open_warehouse

OTHERS = {"CNAME": b"papers.example", "papers/notes.txt": b"mine", ".git/config": b"[core]"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    built(folder)
    return folder


@pytest.fixture(scope="module")
def clean(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as an undisturbed run writes it."""
    folder = tmp_path_factory.mktemp("clean")
    site_of(home, folder)
    return folder


def put(root: Path, path: str, body: bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(body)


def grown(folder: Path) -> Iterator[Warehouse]:
    """A home as it was on Monday, and a day later."""
    warehouse = open_warehouse(str(folder))
    batches = [*first_batches(), daily(1, at(1), (SALT, 20), (TIDES, 60))]
    for part in (batches[:2], batches[2:]):
        with warehouse.writer("test") as writer:
            writer.load(part)
            writer.publish()
        yield warehouse


def test_a_day_more_rewrites_what_it_changes_and_nothing_else(tmp_path: Path) -> None:
    root, homes = tmp_path / "site", grown(tmp_path / "home")
    next(homes)
    site_of(tmp_path / "home", root)
    before, stamps = files_in(root), {path: (root / path).stat().st_mtime_ns for path in files_in(root)}
    warehouse = next(homes)
    changes = site_of(tmp_path / "home", root)
    after = files_in(root)
    changed = {path for path, body in after.items() if before.get(path) != body}
    assert changes.written == len(changed)
    assert {
        path for path, stamp in stamps.items() if (root / path).stat().st_mtime_ns != stamp
    } == changed & before.keys()
    with warehouse.reader() as reader:
        keys = {str(title): str(key) for title, key in reader.query("select title, paper_key from papers").rows}
    pages = {title: file_of(links.paper(key)) for title, key in keys.items()}
    assert {pages[SALT.title], pages[TIDES.title], "index.html", f"days/{MONDAY}.html"} <= changed
    assert {pages[LOOMS.title], pages[KITES.title], "help.html", "search.html", "assets/pages.css"} & changed == set()


def test_files_of_others_stay(home: Path, clean: Path, tmp_path: Path) -> None:
    for path, body in OTHERS.items():
        put(tmp_path, path, body)
    site_of(home, tmp_path)
    changes = site_of(home, tmp_path, Site(show="all"))
    assert changes.left == ()
    assert {path: body for path, body in files_in(tmp_path).items() if path in OTHERS} == OTHERS
    assert files_in(tmp_path).keys() == files_in(clean).keys() | OTHERS.keys()


@pytest.mark.parametrize("path", ["index.html", "search/about.js", "papers"])
def test_a_file_of_somebody_else_in_the_way_stops_it_before_anything_changes(
    home: Path, tmp_path: Path, path: str
) -> None:
    put(tmp_path, path, b"mine")
    with pytest.raises(SiteFolderError, match=path):
        site_of(home, tmp_path)
    assert {each.name for each in tmp_path.rglob("*") if each.is_file()} == {Path(path).name}
    assert (tmp_path / path).read_bytes() == b"mine"


def test_no_page_is_written_through_a_link_to_another_folder(home: Path, tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "papers").symlink_to(elsewhere)
    with pytest.raises(SiteFolderError, match="papers is no folder of this site"):
        site_of(home, root)
    assert list(elsewhere.iterdir()) == []


def test_what_is_no_longer_made_goes_unless_somebody_changed_it(home: Path, clean: Path, tmp_path: Path) -> None:
    site_of(home, tmp_path, Site(base_url="https://papers.example"))
    put(tmp_path, "robots.txt", b"User-agent: mine\n")
    changes = site_of(home, tmp_path)
    assert (changes.removed, changes.left) == (1, ("robots.txt",))
    assert files_in(tmp_path) == {**files_in(clean), "robots.txt": b"User-agent: mine\n"}
    assert site_of(home, tmp_path).left == ()


def test_a_page_that_was_damaged_is_made_again(home: Path, clean: Path, tmp_path: Path) -> None:
    site_of(home, tmp_path)
    put(tmp_path, "index.html", b"")
    (tmp_path / "help.html").unlink()
    assert site_of(home, tmp_path).written == 2
    assert files_in(tmp_path) == files_in(clean)


def test_a_damaged_manifest_is_told_and_nothing_is_touched(home: Path, tmp_path: Path) -> None:
    site_of(home, tmp_path)
    for body in (b"{", b'{"files": {"../outside": "00"}}', b'{"files": {"/etc/passwd": "00"}}'):
        put(tmp_path, MANIFEST, body)
        before = files_in(tmp_path)
        with pytest.raises(SiteFolderError, match="is damaged"):
            site_of(home, tmp_path)
        assert files_in(tmp_path) == before


def test_two_runs_do_not_write_one_folder(home: Path, tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(SiteFolderError, match="another `paperlog site` is writing"):
        site_of(home, tmp_path)


def test_a_run_that_stopped_between_two_files_heals(home: Path, clean: Path, tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        writing = folder.writing()
        made = {path: writing.add(path, b"old") for path in ("help.html", "index.html", "of-an-older-site.html")}
        # The last of them is lost before it can take its place.
        made["search.html"] = Written(sha256="0" * 64, size=3, is_changed=True)
        with pytest.raises(FileNotFoundError):
            folder.finish(made)
    assert files_in(tmp_path).keys() == {"help.html", "index.html", "of-an-older-site.html"}
    assert site_of(home, tmp_path).removed == 1
    assert files_in(tmp_path) == files_in(clean)


def test_a_killed_run_leaves_the_site_as_it_was_and_the_next_one_heals(home: Path, clean: Path, tmp_path: Path) -> None:
    put(tmp_path, "papers/notes.txt", b"mine")
    process = started(scrubbed(PAPERLOG_HOME=str(home)), "flows", "site", tmp_path)
    deadline = time.monotonic() + patient(60)
    while not any(each.is_file() for each in tmp_path.glob(f"{WAITING}*/**/*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert [each for each in files_in(tmp_path) if not each.startswith(WAITING)] == ["papers/notes.txt"]
    site_of(home, tmp_path)
    assert files_in(tmp_path) == {**files_in(clean), "papers/notes.txt": b"mine"}
