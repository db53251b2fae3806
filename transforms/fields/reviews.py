"""A printed review with its sections named; `derived` tells which were split off by wording or by a marker."""

from __future__ import annotations

import re

from transforms.fields import institutions
from transforms.fields.text import paragraphs
from transforms.records import Review, ReviewText

# The page's own marker, spelled so (seen 2026-06-27); the right spelling is expected some day.
# What stands before it is taken off without an expression: that would try each of a thousand blanks or stars anew.
_LEAKED_MARKER = re.compile(r"\bEXPERIMENTAL[_ ]EVALU(?:A)?TION\b\**\s*:\**\s*")
_ALL_SECTIONS = 4

# A sentence ends with a full stop, but not with that of a list number (`2. `) or a bold heading (`**Agenda:** `).
_SENTENCE_START = r"(?:(?<=[^\d\s][.!?])|(?<=\d\d[.!?])|(?<=[.!?][\"')\]\u201d]))\s+"
_CLAIMS = (
    "introduces|presents|proposes|establishes|quantifies|demonstrates|reveals|develops|investigates|describes|shows|"
    "studies|formulates|unifies"
)
_VERDICT = re.compile(
    rf"{_SENTENCE_START}(?=(?:"
    rf"Th(?:is|e) (?:paper|work|thesis|study) (?:\w+ly )?(?:{_CLAIMS})\b"
    rf"|The main contribution of (?:this|the) (?:paper|work)\b"
    # A method by its name, one to six words: `The Safety Kernel introduces`, but not `This framework introduces`.
    r"|(?!(?:This|These|It|Its|They|By|In)\b)(?:The )?[A-Z0-9$][^\s.,;]*(?: [^\s.,;]+){0,5}?"
    r" (?:introduces|proposes|presents)\b"
    r"))"
)


def review(text: ReviewText) -> Review:
    """The review with its sections named.

    Raises:
        ValueError: the parts contradict the grammar (more than four sections, sections without a closing line,
            a closing line that does not end with the summary).
    """
    if not text.sections and text.impact is None:
        return _short(text)
    if text.impact is None:
        raise ValueError(f"{len(text.sections)} sections without a closing line")
    impact, verdict, derived_closing = _closing(text.impact, text.summary)
    named, unassigned, derived_sections = _sections(text.sections)
    return Review(
        summary=paragraphs(text.summary),
        verdict=verdict,
        methodology=named.get("methodology"),
        experiments=named.get("experiments"),
        reproducibility=named.get("reproducibility"),
        limitations=named.get("limitations"),
        impact=impact,
        unassigned=unassigned,
        derived=derived_sections + derived_closing,
        primary_institution=_primary(text),
    )


def _short(text: ReviewText) -> Review:
    summary = paragraphs(text.summary)
    return Review(summary=summary, verdict=summary, primary_institution=_primary(text))


def _primary(text: ReviewText) -> str | None:
    return None if text.primary is None else institutions.primary(text.primary)


def _closing(line: str, summary: str) -> tuple[str, str | None, tuple[str, ...]]:
    """(impact, verdict, derived): the closing line is impact and summary, or the summary alone with both in it."""
    if not summary or not line.endswith(summary):
        raise ValueError(f"the closing line does not end with the summary: {line[-80:]!r}")
    if own := paragraphs(line.removesuffix(summary)):
        return own, paragraphs(summary), ()
    cut = _VERDICT.search(summary)
    if cut is None:
        return paragraphs(line), None, ()
    return paragraphs(summary[: cut.start()]), paragraphs(summary[cut.end() :]), ("impact", "verdict")


def _sections(printed: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """(named, unassigned, derived): of three, a leaked marker in the first separates methodology and experiments."""
    if len(printed) > _ALL_SECTIONS:
        raise ValueError(f"{len(printed)} sections, at most {_ALL_SECTIONS} are known")
    marked = [position for position, text in enumerate(printed) if _LEAKED_MARKER.search(text)]
    names = ("methodology", "experiments", "reproducibility", "limitations")
    if len(printed) == _ALL_SECTIONS and not marked:
        return {name: paragraphs(text) for name, text in zip(names, printed, strict=True)}, (), ()
    if len(printed) == _ALL_SECTIONS - 1 and marked == [0]:
        methodology, experiments = _LEAKED_MARKER.split(printed[0], maxsplit=1)
        texts = (methodology.rstrip("*"), experiments, *printed[1:])
        return {name: paragraphs(text) for name, text in zip(names, texts, strict=True)}, (), ("experiments",)
    return {}, tuple(paragraphs(text) for text in printed), ()
