"""What may be shown on public pages by each source's terms: facts and links always, the rest where it is allowed."""

from __future__ import annotations

from extractors.services import SERVICES
from extractors.sources import SOURCES
from transforms.records import Content
from transforms.series import family_of


def may_be_shown(source: str, content: Content) -> bool:
    """Whether content that a source or service gave may be shown; nothing but facts of one that is not known.

    The names of authors are facts of a paper. `source` may be one of several lists, `source:series`.
    """
    if content is Content.AUTHOR:
        return True
    record = SOURCES.get(family_of(source)) or SERVICES.get(source)
    return record is not None and content in record.shows
