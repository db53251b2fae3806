"""Whether a paper whose abstract has the words that a reader wishes for is about them, or has them in passing.

The rarest word of an abstract is often the name that its authors gave to their method; it says nothing of the subject.
So words that no table knows do not compete with a wish, nor do the wish's own words: they speak for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.digest.phrases import Phrase, Text, acronym_in, singular, weight_of
from transforms.digest.similar import Profile
from transforms.matching.rarity import token_bits

# With so many words that weigh more, 15 of 19 papers of twenty readers were wanted; with one more it was 23 of 34.
_WEIGHTIER_MOST: Final = 2
# An abstract names its field once, and what it compares with perhaps again; a third time it speaks of its own matter.
# For single words this does not hold: `LoRA` or `judge` is as often a tool of the experiments.
_SAID_LEAST: Final = 3


def is_about(phrases: Sequence[Phrase], title: Text, abstract: Text, profile: Profile) -> bool:
    """Whether the abstract, which has some of the phrases, is about them, all together.

    Any of these is enough: few other words weigh more; a phrase of several words is said often; or the rarest word of
    such a phrase, or its acronym, stands in the title, and few other words weigh more than all its words do.
    """
    if len(instead(phrases, abstract, profile)) <= _WEIGHTIER_MOST:
        return True
    several = [phrase for phrase in phrases if not phrase.is_one_word and phrase.found_in(abstract)]
    if any(_times(phrase, abstract) >= _SAID_LEAST for phrase in several):
        return True
    titled = {singular(word) for word in title.words.split()}
    if titled.isdisjoint(word for phrase in several for word in _telling(phrase, abstract)):
        return False
    spoken = sum(profile.every[word] for word in _own(several, abstract) & profile.every.keys())
    return len(_weightier(profile, spoken, _own(phrases, abstract))) <= _WEIGHTIER_MOST


def instead(phrases: Sequence[Phrase], abstract: Text, profile: Profile) -> list[str]:
    """The words of the paper that weigh more than the phrases in the abstract, weightiest first."""
    return _weightier(profile, weight_of(phrases, abstract), _own(phrases, abstract))


def _weightier(profile: Profile, weight: float, own: frozenset[str]) -> list[str]:
    rivals = profile.weights.keys() - own - profile.unknown
    more = [word for word in rivals if profile.weights[word] > weight]
    return sorted(more, key=lambda word: (-profile.weights[word], word))


def _own(phrases: Sequence[Phrase], abstract: Text) -> frozenset[str]:
    """The words of the phrases as the abstract spells them, and acronyms that it makes of them."""
    words = (word for phrase in phrases for found in phrase.found_in(abstract) for word in found.words.split())
    return frozenset((*map(singular, words), *(acronym_in(abstract, phrase) for phrase in phrases))) - {""}


def _telling(phrase: Phrase, abstract: Text) -> tuple[str, ...]:
    """The rarest word of the phrase, and its acronym."""
    words = {singular(word) for found in phrase.found_in(abstract) for word in found.words.split()}
    return max(words, key=lambda word: (token_bits(word), word)), acronym_in(abstract, phrase)


def _times(phrase: Phrase, abstract: Text) -> int:
    """How often the abstract has the phrase or its acronym."""
    acronym = acronym_in(abstract, phrase)
    # Where the acronym is explained, it stands beside the phrase, and is no second mention.
    again = sum(singular(word, is_acronym=True) == acronym for word in abstract.words.split()) - 1 if acronym else 0
    return len(phrase.found_in(abstract)) + again
