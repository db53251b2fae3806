"""The words of a text as the search in the browser knows them: `assets/search.js` has the same rules."""

from __future__ import annotations

import re
import unicodedata

LENGTH_MAX = 24
# Too frequent to tell papers apart.
_STOP = (
    "a an and are as at be been but by can for from has have how in into is it its may more most not of on only or our "
    "s such than that the their them then there these they this those through to under up using via was we were what "
    "when where which while who will with without"
)
STOP_WORDS = frozenset(_STOP.split())
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Its words in order: small letters without accents, and digits; long ones are cut, the commonest left out."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    letters = "".join(each for each in plain if not unicodedata.category(each).startswith("M"))
    cut = (each[:LENGTH_MAX] for each in _WORD.findall(letters))
    return [each for each in cut if each not in STOP_WORDS]
