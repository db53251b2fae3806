"""Readers as the interests file describes them: what they want to know, how much, on which days, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """What a reader wants to know. Texts are as the reader wrote them.

    The wishes: any of `words`, `authors`, `institutions`, `categories` and `like` (identifiers of papers) chooses a
    paper; without any of them every paper is wished for. Words or phrases are looked for in the title, and in the
    abstract if it is about them, or in the sites' own keywords if there is no abstract; a `*` at the end of a word
    stands for any ending. An abstract is about them if at most two other words weigh more, where a name that authors
    coined is no rival; or if it says a phrase of several words three times, or in passing what the title speaks of
    (`transforms/digest/subject.py`). The conditions: none of `not_words` anywhere, one of `sources`, code, so many
    upvotes, a review; all that are set must hold.
    """

    words: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    has_code: bool = False
    upvotes: int = 0
    reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to a reader. `kind` is the name of a kind of channel, `name` tells it from the reader's others.

    `to` is a mail address, a chat's id or a folder, by kind. `secret` is the name of a variable of the environment with
    an address or a token that nobody may see; the file never holds it.
    """

    kind: str
    name: str
    to: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReader:
    """One reader. `name` is the key in the file, `title` what issues are called.

    `days` are the days of the week (0 is Monday) with one issue each; without any, every publish may bring an issue.
    `at_most` is how many papers an issue may have.
    `rises` is how many upvotes a told paper must have gained to be told again, `versions` whether new versions are
    told; `since_on` the first day that is looked at, by default a week before the first issue.
    """

    name: str
    title: str
    interests: Interests = Interests()
    channels: tuple[Channel, ...] = ()
    days: tuple[int, ...] = ()
    at_most: int = 100
    rises: int = 0
    versions: bool = False
    since_on: date | None = None
