"""The forms that only the page of a paper has: the paper as bibliographies have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flows.pages.asked import NoSuchPage
from flows.pages.kinds.paper import PaperPage
from transforms.citing.bibtex import bibtex_of
from transforms.citing.csl import csl_of
from transforms.citing.records import Citation
from transforms.citing.ris import ris_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedForm:
    """A form of citations: what people call it, its media type, and what writes it."""

    name: str
    media_type: str
    write: Callable[[Iterable[Citation]], str]

    def written(self, page: PaperPage) -> str:
        """The page's paper in this form. Raises NoSuchPage where it cannot be cited."""
        if page.citation is None:
            raise NoSuchPage("no source gave a title of this paper, so it cannot be cited")
        return self.write([page.citation])


CITED_FORMS: Mapping[str, CitedForm] = {
    ".bib": CitedForm(name="BibTeX", media_type="application/x-bibtex; charset=utf-8", write=bibtex_of),
    ".ris": CitedForm(name="RIS", media_type="application/x-research-info-systems; charset=utf-8", write=ris_of),
    ".csl.json": CitedForm(name="CSL-JSON", media_type="application/vnd.citationstyles.csl+json", write=csl_of),
}
"""By the suffix of the page's address."""
