"""A folder of Markdown: what a renderer makes of it, text that stays text, and files that keep what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from flows.digest.channel import Means, Undelivered
from flows.digest.channels.markdown import MARKDOWN
from tests.support.feed_issues import issue, refused, told
from tests.support.hostile import HOSTILE
from transforms.digest.readers import Channel
from transforms.digest.records import Issue, News, ReviewNote, Unread
from transforms.records import Link

CHANNEL = Channel(kind="markdown", name="markdown")
SITE = "https://papers.example"


def handed(home: Path, *issues: Issue, to: str = "") -> Path:
    """Hand issues over, and say where the files are."""
    channel, means = Channel(kind="markdown", name="markdown", to=to), Means(home=home, site_url=SITE)
    for each in issues:
        for part in MARKDOWN.parts(each, channel, means):
            MARKDOWN.send(part, channel, means)
    return home / (to or "markdown/vision")


def rendered(path: Path) -> BeautifulSoup:
    """The file as a renderer shows it that lets HTML through, and knows tables and struck text."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(path.read_text())
    return BeautifulSoup(html, "lxml")


def said(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(each.get_text().split()) for each in page.select(selector)]


def test_a_renderer_shows_titles_links_reasons_and_what_was_not_read(tmp_path: Path) -> None:
    code = Link(kind="code", url="https://code.example/a_(b)?x=1&copy=2")
    review = ReviewNote(source="weekly_review", partition_on=issue().since_on, summary="Sound *work*.")
    items = (told(7, links=(code,), reviews=(review,)), told(8), told(9, News.LATE))
    folder = handed(tmp_path, issue(*items, unread=(refused(),), left_out_count=1))
    page = rendered(folder / "2026-03-02.md")
    assert said(page, "h1") == ["Vision: 2 March 2026"]
    assert said(page, "h2") == ["New", "Came late", "Lists that were not read whole"]
    assert said(page, "h3") == ["Paper 7 of Tides", "Paper 8 of Tides", "Paper 9 of Tides"]
    assert [each["href"] for each in page.select("h3 a")] == [f"https://arxiv.org/abs/2603.0000{n}" for n in (7, 8, 9)]
    hrefs = [each["href"] for each in page.select("p a")]
    assert hrefs[:3] == [
        "https://arxiv.org/abs/2603.00007",
        "https://code.example/a_%28b%29?x=1&copy=2",
        f"{SITE}/papers/p-00007",
    ]
    text = said(page, "p")
    assert text[0] == "2 new papers, 1 paper that came late, 1 list could not be looked at."
    assert text[1] == (
        "Bo Sample, Ada Örn, Cy Test Why: “tide” in the title "
        "hf_daily, 2 March 2026; 7 upvotes arXiv · code · in Paperlog"
    )
    assert text[2:4] == ["weekly_review: Sound *work*.", "We measure tide 7 with care."]
    assert "1 more paper fitted and is left out, also later: at_most is reached." in text
    assert said(page, "li")[0].startswith("hf_daily of 3 March 2026 was refused: main article")
    assert page.select("em") == []


def test_every_text_of_others_stays_text(tmp_path: Path) -> None:
    tricks = (
        "# h\n## h\n- li\n1. li\n> q\n```\ncode\n| a | b |\n|---|---|\n[x](y) ![i](j) <b> **b** ~~s~~ `c` &copy; a\\"
    )
    text = f"{HOSTILE} {tricks} <!-- paperlog vision 2026-03-02 x -->"
    review = ReviewNote(source=text, partition_on=issue().since_on, summary=text, verdict=text)
    bad = Link(kind=text, url="https://x.example/) <script>alert(1)</script> [y](z)\n\n# h")
    item = told(
        7,
        title=text,
        abstract=text,
        authors=(text,),
        institutions=(text,),
        links=(bad,),
        reviews=(review,),
        arxiv_id=None,
    )
    unread = Unread(source="hf_daily", partition_on=issue().since_on, state="refused", reason=text)
    folder = handed(tmp_path, issue(item, unread=(unread,), title=text))
    page = rendered(folder / "2026-03-02.md")
    own = {"html", "body", "h1", "h2", "h3", "p", "a", "strong", "br", "ul", "li"}
    assert {each.name for each in page.select("*")} == own
    assert {name for each in page.select("*") for name in each.attrs} == {"href"}
    assert len(page.select("h1")) == len(page.select("h3")) == len(page.select("li")) == 1
    assert {str(each["href"]).partition("/")[0] for each in page.select("a")} == {"https:"}
    (title,) = said(page, "h3")
    assert title.startswith("<script>document.title='owned'</script> <img src=x")
    assert title.endswith("**b** ~~s~~ `c` &copy; a\\ <!-- paperlog vision 2026-03-02 x -->")
    assert (folder / "2026-03-02.md").read_text().count("\n<!-- paperlog") == 0


def test_an_issue_that_is_sent_again_changes_nothing(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1)))
    before, changed = (folder / "2026-03-02.md").read_bytes(), (folder / "2026-03-02.md").stat().st_mtime_ns
    handed(tmp_path, issue(told(1)))
    assert (folder / "2026-03-02.md").read_bytes() == before
    assert (folder / "2026-03-02.md").stat().st_mtime_ns == changed


def test_another_issue_of_the_same_day_gets_a_section_of_its_own(tmp_path: Path) -> None:
    first, second, third = (issue(told(number), issue_id=f"vision:{number}") for number in (1, 2, 3))
    folder = handed(tmp_path, first, second, third, second, first)
    page = rendered(folder / "2026-03-02.md")
    assert said(page, "h3") == ["Paper 1 of Tides", "Paper 2 of Tides", "Paper 3 of Tides"]
    handed(tmp_path, issue(told(22), issue_id="vision:2"))
    assert said(rendered(folder / "2026-03-02.md"), "h3") == [f"Paper {n} of Tides" for n in (1, 22, 3)]
    assert [each.name for each in folder.iterdir()] == ["2026-03-02.md"]


def test_what_a_person_wrote_above_stays(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "2026-03-02.md").write_text("---\ntags: [daily]\n---\n\nMine.\n")
    handed(tmp_path, issue(told(1)), issue(told(1)), to=str(folder))
    text = (folder / "2026-03-02.md").read_text()
    assert text.startswith(
        "---\ntags: [daily]\n---\n\nMine.\n\n<!-- paperlog vision 2026-03-02 vision%3A2026-03-02/1 -->"
    )
    assert text.count("### ") == 1


def test_a_week_is_a_file_by_its_last_day(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1), until_on=issue(day=6).until_on), issue(told(2), day=7))
    assert sorted(each.name for each in folder.iterdir()) == ["2026-03-08.md", "2026-03-09.md"]
    assert said(rendered(folder / "2026-03-08.md"), "h1") == ["Vision: 2 March 2026 to 8 March 2026"]


def test_two_readers_may_share_a_folder(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1)), issue(told(2), reader="audio", issue_id="audio:1"), to="notes")
    assert folder == tmp_path / "notes"
    assert said(rendered(folder / "2026-03-02.md"), "h3") == ["Paper 1 of Tides", "Paper 2 of Tides"]


def test_a_file_that_is_no_text_is_told_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "markdown" / "vision"
    folder.mkdir(parents=True)
    (folder / "2026-03-02.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Undelivered, match=r"2026-03-02.md is no UTF-8 text") as failed:
        handed(tmp_path, issue(told(1)))
    assert not failed.value.is_uncertain
    assert (folder / "2026-03-02.md").read_bytes() == b"\xff\xfe\x00"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "markdown").write_text("a file where a folder belongs")
    with pytest.raises(Undelivered, match="channel markdown: the file cannot be written") as failed:
        handed(tmp_path, issue(told(1)))
    assert failed.value.is_uncertain


@pytest.mark.parametrize("reader", ["..", "a/b", "", "a -->\n"])
def test_no_folder_is_made_of_a_strange_name(tmp_path: Path, reader: str) -> None:
    with pytest.raises(Undelivered, match="does not begin with a reader's name"):
        handed(tmp_path, issue(told(1), reader=reader))
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_a_shell_would_know_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Undelivered, match="write the whole path"):
        handed(tmp_path, issue(told(1)), to="~/notes")
    assert list(tmp_path.iterdir()) == []
