"""Links: one spelling per place, nothing that a browser would run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fields.links import (
    link_of,
    mentioned,
    unusable,
    usable,
)
from transforms.records import Link


@pytest.mark.parametrize(
    ("kind", "printed", "link"),
    [
        ("code", " http://github.com/Some/Repo.git ", Link(kind="code", url="https://github.com/Some/Repo")),
        ("code", "https://www.github.com/some/repo/tree/main/", Link(kind="code", url="https://github.com/some/repo")),
        ("code", "https://github.com/some/repo/tree/main/sub", Link(kind="code", url="https://github.com/some/repo/tree/main/sub")),
        ("code", "https://github.com/some", Link(kind="project", url="https://github.com/some")),
        ("code", "github.com/some/repo", Link(kind="code", url="https://github.com/some/repo")),
        ("code", "https://gitlab.com/some/repo", Link(kind="code", url="https://gitlab.com/some/repo")),
        ("project", " https://github.com/some/repo", Link(kind="code", url="https://github.com/some/repo")),
        ("project", "https://github.com/some", Link(kind="project", url="https://github.com/some")),
        ("project", "https://Lab.example/Thing/", Link(kind="project", url="https://lab.example/Thing")),
        ("project", "http://lab.example", Link(kind="project", url="http://lab.example")),
        ("project", "https://lab.example/#part", Link(kind="project", url="https://lab.example/#part")),
        ("project", "https://arxiv.org/pdf/2605.00018v2", Link(kind="paper", url="https://arxiv.org/abs/2605.00018")),
        ("project", "https://hf.co/papers/2605.00018", Link(kind="paper", url="https://huggingface.co/papers/2605.00018")),
        ("project", "https://www.alphaxiv.org/abs/2605.00018", Link(kind="paper", url="https://www.alphaxiv.org/abs/2605.00018")),
        ("project", "https://huggingface.co/spaces/lab/demo", Link(kind="project", url="https://huggingface.co/spaces/lab/demo")),
        ("post", "https://browse.arxiv.org/pdf/2605.00018v1", Link(kind="post", url="https://arxiv.org/abs/2605.00018")),
        ("paper", "http://arxiv.org/abs/2605.00018", Link(kind="paper", url="https://arxiv.org/abs/2605.00018")),
        ("paper", "https://arxiv.org/list/cs.LG/new", Link(kind="paper", url="https://arxiv.org/list/cs.LG/new")),
        ("media", "http://huggingface.co/a.mp4", Link(kind="media", url="https://huggingface.co/a.mp4")),
    ],
)  # fmt: skip
def test_an_address_has_one_spelling(kind: str, printed: str, link: Link) -> None:
    assert link_of(kind, printed) == link
    assert link_of(link.kind, link.url) == link


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/a", "file:///etc/passwd", "", "coming soon", "v1.2",
     "https://", "https://localhost/a", "https://example.org/a b", "https://[broken/", "https://user@example.org/",
     "https://example.org:99999/", "//example.org/a", "https://exa\nmple.org/"],
)  # fmt: skip
def test_what_no_browser_opens_by_http_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an http"):
        link_of("project", address)
    assert usable([("project", address)]) == ()
    assert len(unusable([("project", address)])) == 1


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of link 'blog'"):
        link_of("blog", "https://example.org")


@given(st.text())
def test_any_text_is_a_link_or_a_complaint(address: str) -> None:
    assert len(usable([("project", address)])) + len(unusable([("project", address)])) == 1


@given(st.text())
def test_any_text_can_be_searched_for_mentions(text: str) -> None:
    assert all(link.kind == "mention" for link in mentioned(f"{text} https://example.org/{text}"))


def test_an_address_comes_once_under_its_first_kind() -> None:
    links = [("code", "https://github.com/Some/Repo"), ("project", "https://github.com/some/repo/"),
             ("project", "https://lab.example/"), ("project", "https://lab.example")]  # fmt: skip
    assert usable(links) == (
        Link(kind="code", url="https://github.com/Some/Repo"),
        Link(kind="project", url="https://lab.example"),
    )


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("Code: https://github.com/some/repo.", "https://github.com/some/repo"),
        ("Code: https://github.com/some/repo..", "https://github.com/some/repo"),
        ("at `https://github.com/some/repo`, which", "https://github.com/some/repo"),
        ("(see https://lab.example/a_(b))", "https://lab.example/a_(b)"),
        ("[https://lab.example/a].", "https://lab.example/a"),
        ("**https://lab.example/a/**.", "https://lab.example/a"),
        ("https://github.com/some/repo{https://github.com/some/repo}.", "https://github.com/some/repo"),
        ("released on https://github.com/some/repo.git.", "https://github.com/some/repo"),
        ("“https://lab.example/a”", "https://lab.example/a"),
    ],
)
def test_a_mention_ends_before_its_punctuation(text: str, url: str) -> None:
    assert mentioned(text) == (Link(kind="mention", url=url),)
