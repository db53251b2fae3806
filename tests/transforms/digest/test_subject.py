"""A paper is about a phrase of its abstract by what else the abstract says; names that authors coin do not count."""

from __future__ import annotations

from transforms.digest.phrases import phrase_of, text_of
from transforms.digest.similar import profile_of
from transforms.digest.subject import instead, is_about

OTHERS = (
    "We water gardens beside a railway with copper. Copper waters a garden at dawn; it grows, and so do hotels. "
    "The railway has a garden with a hotel, a museum and copper, and a farm without copper is worse than a garden."
)


def about(title: str, abstract: str, *written: str) -> bool:
    made = [phrase_of(each) for each in written]
    texts = text_of(title), text_of(abstract)
    return is_about(made, *texts, profile_of(*texts))


def weightier(title: str, abstract: str, written: str) -> list[str]:
    texts = text_of(title), text_of(abstract)
    return instead([phrase_of(written)], texts[1], profile_of(*texts))


def test_a_phrase_among_weightier_words_is_said_in_passing() -> None:
    assert not about("Gardens of Copper", f"Unlike a reward model, this grows. {OTHERS}", "reward model")
    assert {"copper", "garden"} <= set(weightier("Gardens of Copper", f"A reward model. {OTHERS}", "reward model"))


def test_neither_coined_names_nor_the_words_of_the_phrase_compete_with_it() -> None:
    abstract = "RewardZap is a reward model. In RewardZap is a reward, and a reward. ZapBench and ZapMark show it."
    assert about("RewardZap", abstract, "reward model")
    assert weightier("RewardZap: ZapBench and ZapMark", abstract, "reward model") == []


def test_a_phrase_said_three_times_is_the_subject_and_a_single_word_is_not() -> None:
    thrice = f"A reward model is made. The reward model learns, as reward models do. {OTHERS}"
    assert about("Gardens of Copper", thrice, "reward model")
    assert not about("Gardens of Copper", thrice.replace("The reward model", "It"), "reward model")
    assert not about("Gardens of Copper", f"A judge, a judge, a judge. {OTHERS}", "judge")


def test_an_acronym_counts_where_the_abstract_makes_it_of_the_phrase() -> None:
    abstract = f"A paper reward again (PRA) is made. PRA learns, and PRAs grow. {OTHERS}"
    assert about("Gardens of Copper", abstract, "paper reward again")
    assert not about("Gardens of Copper", abstract.replace(" (PRA)", ""), "paper reward again")


def test_a_phrase_of_which_the_title_has_the_rarest_word_is_the_subject_if_its_words_weigh_much() -> None:
    abstract = "Agents learn a reward. We compare it with one reward model, and a reward by hand. Copper agents grow."
    assert about("What a Reward Is For", f"{abstract} {OTHERS}", "reward model")
    assert not about("What a Garden Is For", f"{abstract} {OTHERS}", "reward model")
    assert not about("A Reward of Copper", f"One reward model. {OTHERS} {OTHERS}", "reward model")
