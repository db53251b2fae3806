"""What the site's own code rendered, and a capture: read or refused by name, compared with a count of their markup."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from extractors.errors import NoList, OutOfReach, PageChanged
from extractors.landing.adopt import page_of_file
from extractors.sources import source_named
from tests.support.places import DATA
from transforms.records import Cause, Listing

pytestmark = pytest.mark.shared_data
ARXIV = DATA / "other" / "arxiv"
FILES = [*sorted(ARXIV.glob("list/*.html")), *sorted(ARXIV.glob("*.rendered.html"))]
CAPTURE = "captured_cs.AI_new_20260812_cut.html"
READ = {
    CAPTURE: date(2026, 8, 12),
    "catchup_math_2011-02-03__abs-True_200.html": date(2011, 2, 3),
    "list_astro-ph_new_200.html": date(2011, 2, 3),
    "list_cs.LG_new_200.html": date(2011, 2, 3),
    "list_cs_new_200.html": date(2011, 2, 3),
    "list_hep-ph_new_200.html": date(2011, 2, 3),
    "list_math_new_200.html": date(2011, 2, 3),
}
REFUSED = {
    "catchup_200.html": "the form in which one chooses a list",
    "catchup_math_2011-02-03_200.html": "abstracts: ask for the page with .abs=True, found 2 entries without",
    "catchup_math_2011-02-03__abs-True_page-2_200.html": "there are no further updates",
    "catchup_math_2011-2-3_400.html": "the site's words 'Invalid date format. Use format: YYYY-MM-DD'",
    "list_cs.XX_new_400.html": "the site's words 'Invalid archive or category: cs.XX'",
    "list_nope_new_400.html": "the site's words 'Invalid archive or category: nope'",
    "list_math_1102_400.html": "the site's words 'Invalid Year: 1102'",
    "list_math_2030-01_404.html": "the site's words 'Not Found: Invalid Year: 2030'",
    "list_math_recent__show-3_400.html": "the site's words 'Invalid show value",
    "list_cs.LG_new.rendered.html": r"papers of cs.LG \(Machine Learning\), found 5 of 7 entries that do not fit",
}
REFUSED_KINDS = {
    r"list_.*_(recent|pastweek).*": "the lists of the last five days, which have no abstracts",
    r"list_.*_(\d{4}|\d{4}-\d\d|current)_.*": "by their ids and not by their announcement",
}


def test_there_are_as_many_files_as_were_looked_at() -> None:
    assert len(FILES) == 34


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_page_is_read_whole_or_refused_by_name(path: Path) -> None:
    if path.name in READ:
        listing = _listing(path)
        text = path.read_text(encoding="utf-8")
        assert listing.partition_on == READ[path.name]
        assert len(listing.entries) == len(re.findall(r"<dt>", text)) == len(re.findall("'list-title", text))
        assert [each.arxiv_id.partition("v")[0] for each in listing.entries if each.arxiv_id] == re.findall(
            r'title="Abstract" id="([^"]+)"', text
        )
        assert all(each.title and each.authors and each.categories for each in listing.entries)
    elif "abs-True" in path.name and path.name not in REFUSED:
        with pytest.raises((NoList, OutOfReach)):
            _listing(path)
    else:
        kinds = (why for kind, why in REFUSED_KINDS.items() if re.fullmatch(kind, path.name))
        with pytest.raises(PageChanged, match=REFUSED.get(path.name) or next(kinds)):
            _listing(path)


@pytest.mark.parametrize(
    ("name", "cause", "day"),
    [
        ("catchup_cs_2011-02-03__abs-True_200.html", Cause.NOT_ANNOUNCED, date(2011, 2, 3)),
        ("catchup_math_2011-02-05__abs-True_200.html", Cause.NOT_ANNOUNCED, date(2011, 2, 5)),
        ("catchup_math_2011-03-01__abs-True_400.html", Cause.TOO_EARLY, date(2011, 3, 1)),
        ("catchup_math_2010-10-01__abs-True_400.html", None, date(2010, 10, 1)),
    ],
)
def test_the_sites_own_words_become_causes(name: str, cause: Cause | None, day: date) -> None:
    with pytest.raises((NoList, OutOfReach)) as caught:
        _listing(ARXIV / "list" / name)
    assert getattr(caught.value, "asked_on", None) == day
    assert getattr(caught.value, "cause", None) == cause


def test_a_list_cut_out_of_its_page_may_lack_entries() -> None:
    """Its heads say two of two, but the numbers jump from 2 to 80: somebody has cut it."""
    listing = _listing(ARXIV / "list" / CAPTURE)
    assert (listing.is_partial, listing.is_closed) == (True, False)
    assert [finding.check_name for finding in listing.findings] == ["may_lack_entries"]
    assert "'[80] arXiv:2505.11635" in listing.findings[0].observed


def test_the_captured_entries_are_read_as_printed() -> None:
    entries = _listing(ARXIV / "list" / CAPTURE).entries
    assert [each.section for each in entries] == ["new"] * 2 + ["cross"] * 2 + ["replaced"] * 2
    cross, quoted, code = entries[2], entries[3], entries[5]
    assert (cross.arxiv_id, cross.categories) == ("2505.11635v2", ("cs.LG", "cs.AI"))
    assert (quoted.title or "").startswith('"YES! YES! I absolutely love this insight!" Affirmative')
    assert (quoted.arxiv_id, quoted.journal_ref) == ("2607.28646", "2026 Narrative Inquiry 23 (2)")
    assert code.links == (("code", "https://github.com/jushengzhang/Gam-Agent"),)
    assert code.comments == "Accepted at NeurIPS 2025. Code available at https://github.com/jushengzhang/Gam-Agent"


def _listing(path: Path) -> Listing:
    """The file as its own category's, as its name has it."""
    named = re.match(r"(?:captured|list|catchup)_([a-z-]+(?:\.[A-Z]{2})?)_", path.name)
    series = named[1] if named and named[1] not in ("nope", "math.MP", "cs.XX") else "cs.LG"
    page = page_of_file(path, f"arxiv_announced:{series}")
    (listing,) = source_named(page.source).parse(page)
    return listing
