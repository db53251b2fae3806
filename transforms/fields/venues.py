"""Where a paper was accepted, as its authors say it in arXiv's line of comments.

Cautious by rule: a venue is given only where the words say that this text was accepted, is to appear or was published
there. A paper that was submitted, or of which another version appears elsewhere, has none. The words it was read from
always come with it, so that a reader can see for himself.
"""

from __future__ import annotations

import re

CHARACTERS_MAX = 160
# Real comments have some hundred; the rules below take more than linear time on hostile ones.
COMMENT_CHARACTERS_MAX = 1_000

_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    "Nov(?:ember)?|Dec(?:ember)?"
)
_AS = r"(?:\s+as\s+an?\s+[\w -]{3,40}?(?:paper|presentation|talk|poster|article|chapter|oral|spotlight))?"
# Words that say it, each followed by the venue. "appearin" is how some write it.
_SAID = re.compile(
    rf"\b(?:accepted{_AS}(?:\s+for(?:\s+the)?\s+(?:publication|presentation|inclusion))?{_AS}\s*(?:at|to|by|in|for|on)"
    r"|(?:to|will)\s+appear\s?(?:in|at|on)"
    r"|(?:to|will)\s+be\s+(?:published|presented)\s+(?:in|at|by)"
    r"|published\s+(?:in|at|by)"
    r"|camera[- ]ready(?:\s+(?:version|paper|copy))?\s*(?:for|of|at|to|,|:)"
    r"|in\s+(?=(?:the\s+)?proc(?:eedings|\.)\s+(?:of|\d)))\s*:?\s+(?P<venue>.+)",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = "extended|expanded|abridged|short(?:er|ened)?|long(?:er)?|full|preliminary"
# Another text than this one: the short one appears at a conference, this is the long one.
_OTHER_TEXT = re.compile(
    rf"\b(?:{_OTHER}|earlier|previous|conference|journal)\s+(?:abstract|version|paper)\b[^.;]{{0,40}}$"
    rf"|\b(?:{_OTHER})\s+version\s+of\b[^.;]*$"
    r"|\bnot\s+(?:yet\s+)?$|\b(?:if|unless|until|was\s+not|been\s+not)\s+$",
    re.IGNORECASE,
)
# Conferences whose name alone, with a year, says that the paper is there: authors of papers under review may not
# write so. Full match of a clause, so that a sentence about a conference says nothing.
_CONFERENCES = (
    "AAAI|AAMAS|ACL|ACM\\s?MM|AISTATS|ASPLOS|CHI|CIKM|COLING|COLM|COLT|CoRL|CVPR|EACL|ECAI|ECCV|ECML(?:[- ]PKDD)?|"
    "EMNLP|FAccT|FOCS|ICASSP|ICCV|ICDE|ICDM|ICLR|ICML|ICRA|ICSE|IJCAI|IJCNN|INTERSPEECH|IROS|ISCA|ISSTA|KDD|MICCAI|MLSys|"
    "NAACL|NDSS|NeurIPS|NIPS|OOPSLA|OSDI|PLDI|POPL|RecSys|RSS|SIGGRAPH(?:\\s+Asia)?|SIGIR|SIGMOD|SODA|STOC|TMLR|"
    "UAI|UIST|USENIX\\s+Security|VLDB|WACV|WSDM|WWW"
)
_KIND = (
    r"(?:oral|spotlight|poster|findings|main(?:\s+(?:conference|track))?|camera[- ]ready(?:\s+version)?|workshop|"
    r"(?:long|short)\s+paper|(?:datasets\s+and\s+benchmarks|industry|demo|position\s+paper|research)(?:\s+track)?|conference|paper)"
)
_ALONE = re.compile(
    rf"(?P<venue>(?:Findings\s+of\s+)?(?:IEEE/CVF\s+|ACM\s+)?(?:{_CONFERENCES})(?:\s*'\d\d|[\s-]*20\d\d)(?:\s+{_KIND})?)"
    rf"\s*(?:[(\[,:-]?\s*{_KIND}(?:\s+{_KIND})?\s*[)\]]?)?",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(r"(?:20\d\d|'\d\d)\Z")

# Where a venue's name ends.
_SHORTENED = (
    "proc", "conf", "int", "intl", "trans", "phys", "lett", "ann", "math", "adv", "jour", "symp", "anal", "mach",
    "syst", "comput", "eng", "rev", "sci", "soc", "appl", "astron", "astrophys", "univ",
)  # fmt: skip
_NOT_SHORTENED = "".join(rf"(?<!\b{each})" for each in _SHORTENED)
_DASH = "[\\-\u2013\u2014]"
_SENTENCE = re.compile(
    rf"(?:(?<!\b[A-Z])(?<!\b[A-Z][a-z]){_NOT_SHORTENED}\.|[;!?])(?=\s|$|\()|\s+/\s+|\s+{_DASH}{{1,3}}\s+",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[\s,:(\[]*(?:"
    r"\b\d+\s*(?:\+\s*\d+\s*)?(?:pages?|pp?\b|figures?|figs?\b|tables?|equations?|references)"
    rf"|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\b(?:on\s+)?\d{{0,2}}\s*\b(?:{_MONTHS})\b\.?[\s,]*\d"
    rf"|\b(?:19|20)\d\d[\s,]+(?:{_MONTHS})\b"
    r"|https?:|www\.|doi\b|arxiv:"
    r"|(?:\bour\s+)?\b(?:code|data|project|dataset|models?|website|demo)\b[^,;]{0,40}\b(?:available|at|page|:)"
    r"|\b(?:available|received|keywords?|key\s+words|supplementary|supplemental|appendix|comments?|see|includes?|including|plus)\b"
    r"|\bwith\s+\d|\beds?\b|\bfull\s+(?:version|cat\w+|res\w+)|\bvirtual\b|\bthis\s+(?:is|version|paper)\b"
    r"|\bfirst\s+(?:two\s+)?authors?\b"
    r")",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"\((?![A-Z0-9][\w'\u2019&+\- /]{1,30}\))"
)  # a bracket that holds no acronym and no year ends the name
_LEADING = re.compile(r"(?:the\s+)?(?:(?:journal|conference|workshop)\s+(?=[\"“']))?", re.IGNORECASE)
_NO_NAMES = frozenset({"editor", "editors", "publication", "journal", "conference", "workshop", "proceedings", "press"})
_NAME_BEGINS = re.compile(
    r"[A-Z0-9\"“]|proceedings of\b|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\s"
)


def venue_of(comments: str | None) -> tuple[str, str] | None:
    """The venue that a line of comments names, and the words that it was read from; None where none is sure.

    Of several, the first: "accepted at X" before "to appear in the proceedings of X" is the same one said again.
    """
    text = " ".join((comments or "").split())[:COMMENT_CHARACTERS_MAX]
    return _said(text) or _alone(text)


def _said(text: str) -> tuple[str, str] | None:
    start = 0
    while found := _SAID.search(text, start):
        start = found.start("venue")
        if _OTHER_TEXT.search(text[: found.start()]):
            continue
        name = _named(found["venue"])
        if name is not None:
            end = start + found["venue"].index(name) + len(name)
            return name, text[found.start() : end]
    return None


def _named(text: str) -> str | None:
    """The name at the beginning of a text; None where it begins with none."""
    name = text[_matched_end(_LEADING, text) :]
    for ends in (_SENTENCE, _BRACKET, _REST):
        if end := ends.search(name):
            name = name[: end.start()]
    name = name.strip(" ,.:;\"“”'\u2019\u2013-")
    if not 1 < len(name) <= CHARACTERS_MAX or not _NAME_BEGINS.match(name) or _YEAR_ALONE.fullmatch(name):
        return None
    return None if name.lower() in _NO_NAMES or not any(sign.isalpha() for sign in name) else name


def _alone(text: str) -> tuple[str, str] | None:
    for clause in re.split(r"[.;]\s+|,\s+(?!workshop)|\.$", text):
        if found := _ALONE.fullmatch(clause.strip()):
            return found["venue"], clause.strip()
    return None


def _matched_end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
