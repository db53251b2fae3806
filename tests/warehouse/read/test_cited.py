"""Every real paper with a title is cited, and other programs read every citation."""

from __future__ import annotations

import pytest

from tests.transforms.citing.reading import (
    csl_items,
    decoded,
    name_of_parts,
    name_of_person,
    parsed_entries,
    plain,
    pybtex_entries,
    ris_entries,
)
from transforms.citing.bibtex import bibtex_of
from transforms.citing.citation import citation_of
from transforms.citing.csl import csl_of
from transforms.citing.mathematics import in_plain_text
from transforms.citing.records import Citation
from transforms.citing.ris import ris_of
from warehouse import Warehouse, cited_papers

pytestmark = pytest.mark.shared_data


@pytest.fixture
def citations(real: Warehouse) -> list[Citation]:
    with real.reader() as reader:
        keys = [str(key) for (key,) in reader.query("select paper_key from papers order by paper_key").rows]
        papers = cited_papers(reader, keys)
    assert [each.paper_key for each in papers] == keys
    found = [citation_of(each) for each in papers if each.title]
    assert len(found) > 400
    return found


def families(citation: Citation) -> list[str]:
    return [plain(each.literal or each.family) for each in citation.authors]


def test_every_real_citation_is_read_by_other_programs(citations: list[Citation]) -> None:
    bibtex = bibtex_of(citations)
    entries, parsed = pybtex_entries(bibtex), parsed_entries(bibtex)
    read, items = ris_entries(ris_of(citations)), csl_items(csl_of(citations))
    keys = [each.key for each in citations]
    assert list(entries) == list(parsed) == [each["id"] for each in read] == [each["id"] for each in items] == keys
    assert len(set(keys)) == len(keys)
    for each, of_ris, item in zip(citations, read, items, strict=True):
        title = plain(in_plain_text(each.title))
        assert decoded(entries[each.key].fields["title"]) == title
        assert plain(of_ris["title"]) == plain(item["title"]) == title
        more = ["others"] if each.has_more_authors and each.authors else []
        people = [name_of_person(person) for person in entries[each.key].persons.get("author", [])]
        assert [person.literal or person.family for person in people] == families(each) + more
        parts = [name_of_parts(person) for person in (parsed[each.key]["author"] if each.authors else [])]
        assert [person.literal or person.family for person in parts] == families(each) + more
        assert each.url is None or each.url.startswith(("https://arxiv.org/abs/", "https://doi.org/10."))
