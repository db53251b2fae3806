"""Every saved page gives its golden listing or error. A missing golden is made, and fails, so that one reads it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from extractors.errors import NoList, OutOfReach, PageChanged, WrongPartition
from extractors.sources import SOURCES, source_named
from transforms.records import Page
from transforms.series import SERIES_MARK

PAGES = Path(__file__).parents[1] / "pages"
CASES = sorted(path.parent for path in PAGES.glob("*/*/case.toml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_saved_page_gives_its_golden(folder: Path, make_page: Callable[..., Page]) -> None:
    name, found = _outcome(folder, make_page)
    golden = folder / f"{name}.json"
    others = {"listing.json", "error.json"} - {golden.name}
    assert not any((folder / other).exists() for other in others), f"{folder} has another golden than {golden.name}"
    if not golden.exists():
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        pytest.fail(f"{golden} was missing and has been made: read it, then run again")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_every_source_has_a_whole_page_and_a_changed_layout() -> None:
    for source in SOURCES:
        goldens = {path.name for path in PAGES.glob(f"{source}/*/*.json")}
        assert goldens == {"listing.json", "error.json"}
        assert (PAGES / source / "changed_layout" / "error.json").exists()


def test_every_saved_page_says_that_it_is_reconstructed() -> None:
    for folder in CASES:
        case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        assert case["origin"] == "reconstructed"
        assert case["why"]


def _outcome(folder: Path, make_page: Callable[..., Page]) -> tuple[str, Any]:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    source = source_named(SERIES_MARK.join(filter(None, (folder.parent.name, case.get("series")))))
    (file,) = folder.glob("page.*")
    page = make_page(
        source.name,
        file.read_bytes(),
        asked_on=date.fromisoformat(case["asked_on"]) if "asked_on" in case else None,
        url=case.get("url", f"file:{file.name}"),
        fetched_at=datetime.fromisoformat(case["fetched_at"]),
        media_type="text/html" if file.suffix == ".html" else "text/plain",
    )
    try:
        return "listing", msgspec.json.decode(msgspec.json.encode(source.parse(page)))
    except (NoList, OutOfReach, PageChanged, WrongPartition) as error:
        return "error", {"error": type(error).__name__, "message": str(error)}
