"""One paper with all that is known of it: what each source said, its numbers over time, reviews, arXiv's facts."""

from __future__ import annotations

from warehouse.read.lookup import paper_named
from warehouse.read.reader import Reader

Row = dict[str, object]

PARTS = ("sightings", "numbers", "reviews", "arxiv_versions", "withheld")


def whole_paper(reader: Reader, text: str) -> Row:
    """The paper that the text means: the columns of `marts.papers`, and lists of what belongs to it.

    `sightings` have the reason why they are this paper, `numbers` the first, last and greatest value of a metric in a
    source with all `readings`, `withheld` what is left out. `arxiv_facts` is None where nothing was asked. Raises
    UnknownPaper.
    """
    paper = {"key": paper_named(reader, text).paper_key}
    about = reader.named("show_paper", paper).dicts[0]
    facts = reader.named("show_arxiv_facts", paper).dicts
    parts = {name: reader.named(f"show_{name}", paper).dicts for name in PARTS}
    return {"asked": text, **about, **parts, "arxiv_facts": facts[0] if facts else None}
