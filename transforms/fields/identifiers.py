"""arXiv ids and DOIs: always text, one spelling each, or a ValueError with the text."""

from __future__ import annotations

import re

from transforms.fields.text import without_closing

# Before April 2007; a closed set, so that a path such as `docs/9901001` is no identifier.
_ARCHIVES = (
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",
    "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph",
    "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph",
    "q-alg", "q-bio", "quant-ph", "solv-int", "supr-con",
)  # fmt: skip
_MONTH = "(?:0[1-9]|1[0-2])"
# Numbers have five digits since January 2015, four before.
_FIVE_DIGITS = rf"(?:1[5-9]|[2-9][0-9]){_MONTH}\.[0-9]{{5}}"
_FOUR_DIGITS = rf"(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){_MONTH})\.[0-9]{{4}}"
_OLD = rf"(?:{'|'.join(_ARCHIVES)})(?:\.[A-Z]{{2}})?/(?:9[1-9]|0[0-7]){_MONTH}[0-9]{{3}}"
_ID = rf"(?P<id>{_FIVE_DIGITS}|{_FOUR_DIGITS}|{_OLD})(?:v(?P<version>[1-9][0-9]{{0,2}}))?"
# arXiv itself, and sites that show a paper under its arXiv id: the id is the end of the address.
_SITES = (
    r"(?:www\.|export\.|browse\.)?arxiv\.org/(?:abs|pdf|html|format|e-print)/{1,2}",
    r"(?:www\.)?(?:huggingface\.co|hf\.co)/papers/",
    r"(?:www\.)?alphaxiv\.org/(?:abs|pdf|html|overview|resources|audio)/",
    r"(?:www\.)?(?:ar5iv\.org|ar5iv\.labs\.arxiv\.org)/(?:abs|pdf|html)/",
    r"(?:www\.)?arxiv-vanity\.com/papers/",
    r"(?:www\.)?scirate\.com/arxiv/",
    r"(?:www\.)?emergentmind\.com/papers/",
    r"(?:www\.|api\.)?semanticscholar\.org/arxiv[:/]",
)
_PAGE = re.compile(rf"(?:https?://)?(?:{'|'.join(_SITES)}){_ID}(?:\.pdf)?/?(?:[?#]\S*)?", re.ASCII | re.IGNORECASE)
_NAME = re.compile(
    rf"(?:arxiv:\s?|(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?10\.48550/arxiv\.)?{_ID}(?:\.pdf)?/?(?:[?#]\S*)?",
    re.ASCII | re.IGNORECASE,
)
_SUBJECT_CLASS = re.compile(r"\.[a-z]{2}/", re.IGNORECASE)

_DOI = re.compile(
    r"(?:https?://(?:www\.|dx\.)?doi\.org/|doi:\s?)?(?P<doi>10\.[0-9]{4,9}/\S+)", re.ASCII | re.IGNORECASE
)
_ARXIV_DOI = "10.48550/arxiv."


def arxiv_id(text: str) -> tuple[str, int | None]:
    """The id without its version, and the version; from an id, the address of a paper's page or an arXiv DOI.

    The page may be on arXiv or on a site that shows papers under their arXiv ids (`huggingface.co/papers/2401.00001`).
    An old id loses its subject class (`math.AG/0601001` is `math/0601001`), which is optional on arXiv itself.

    Raises:
        ValueError: the text is no arXiv id; the message contains it.
    """
    found = _NAME.fullmatch(text.strip()) or _page(text)
    if found is None:
        raise ValueError(f"not an arXiv id: {text[:80]!r}")
    return _canonical(found["id"]), int(found["version"]) if found["version"] else None


def is_arxiv_page(address: str) -> bool:
    """Whether an address is that of a paper's page under its arXiv id, on arXiv or on another site."""
    return _page(address) is not None


def doi(text: str) -> str:
    """A DOI in lower case without resolver and closing punctuation; balanced brackets belong to it.

    Raises:
        ValueError: the text is no DOI; the message contains it.
    """
    found = _DOI.fullmatch(text.strip())
    name = without_closing(found["doi"].lower(), ".,;", "()") if found else ""
    if not name.partition("/")[2]:
        raise ValueError(f"not a DOI: {text[:80]!r}")
    return name


def is_arxiv_doi(name: str) -> bool:
    """Whether a DOI is an arXiv id in another spelling."""
    return name.lower().startswith(_ARXIV_DOI)


def _page(address: str) -> re.Match[str] | None:
    return _PAGE.fullmatch(without_closing(address.strip(), ".,;)"))


def _canonical(identifier: str) -> str:
    return _SUBJECT_CLASS.sub("/", identifier).lower()
