"""Words and phrases stand in a text whatever their spelling, as whole words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.digest.phrases import acronym_in, phrase_of, text_of, weight_of


def has(written: str, *texts: str | None) -> bool:
    return bool(phrase_of(written).found_in(text_of(*texts)))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("flow matching", "Straight paths by Flow-Matching."),
        ("flow-matching", "flow matching"),
        ("FLOW MATCHING", "flow  \n matching"),
        ("flow matching", "flowmatching"),
        ("pretraining", "Pre-training of models"),
        ("pre-training", "pretraining"),
        ("GPT-4", "by GPT4"),
        ("GPT4", "by GPT-4"),
        ("réseau", "un reseau"),
        ("reseau", "un RÉSEAU"),
        ("reseau", "un re\u0301seau"),
        ("LLM", "many LLMs"),
        ("LLMs", "one LLM"),
        ("agent", "the agent's plan"),
        ("policies", "one policy"),
        ("policy", "two policies"),
        ("box", "boxes"),
        ("language model agent", "Language models agents"),
        ("diffus*", "Diffusion"),
        ("diffus*", "diffus"),
        ("flow* matching", "flows matching"),
        ("pre-train*", "pretrained and good"),
        ("C++", "written in C++"),
        ("alpha", r"the $\alpha$ divergence"),
        ("kv cache", "the <b>KV</b> cache"),
        ("обучение", "Обучение с подкреплением"),
        ("扩散模型", "基于扩散模型的方法"),
        ("학습", "강화 학습 방법"),
        ("\u1112\u1161\u11a8\u1109\u1173\u11b8", "강화 학습 방법"),
    ],
)
def test_a_text_has_a_phrase(written: str, text: str) -> None:
    assert has(written, text)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("flow matching", "matching of flow"),
        ("flow matching", "flow and matching"),
        ("RAG", "a fragment"),
        ("RAG", "storage"),
        ("AI", "with a i.i.d. sample"),
        ("agent", "a gent and a gentle agency"),
        ("news", "new things"),
        ("gas", "GA"),
        ("diffusion", "diffusing"),
        ("diffus*", "in terms of diff us"),
        ("inter*", "in terms of it"),
        ("Qwen 2.5", "Qwen 25"),
        ("flow* matching", "flowmatching"),
        ("C++", "written in C"),
        ("モデル", "言語"),
        ("обучение", "обучения"),
    ],
)
def test_a_text_has_no_phrase(written: str, text: str) -> None:
    assert not has(written, text)


def test_a_phrase_stands_in_one_text() -> None:
    assert not has("flow matching", "a flow", "matching lines")
    assert has("flow matching", None, "of flow matching")
    assert not has("flow", None, "")


def test_a_mention_says_what_stands_there() -> None:
    (first, second) = phrase_of("diffus*").found_in(text_of("Diffusion diffuses."))
    assert (first.words, second.words) == ("diffusion", "diffuses")


@pytest.mark.parametrize("written", ["", "  ", "-", "*", "a *", "*fusion", "di*fusion", "…"])
def test_what_no_text_can_have_is_an_error(written: str) -> None:
    with pytest.raises(ValueError, match=r"no letter and no digit|only at the end|only behind letters"):
        phrase_of(written)


def test_rare_words_weigh_more_and_overlapping_ones_once() -> None:
    diffusion, masked = phrase_of("diffusion"), phrase_of("masked diffusion")
    assert masked.bits > diffusion.bits > phrase_of("model").bits
    text = text_of("Masked diffusion, and diffusion.")
    assert weight_of([diffusion, masked], text) == masked.bits + diffusion.bits
    assert weight_of([diffusion, masked], text_of("a model")) == 0


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_can_be_written_and_looked_at(written: str, text: str) -> None:
    try:
        phrase = phrase_of(written)
    except ValueError:
        return
    phrase.found_in(text_of(text))


@given(st.lists(st.sampled_from(["tide", "moths", "kv", "re-use", "Öl", "gpt4", "policies"]), min_size=1, max_size=4))
def test_a_phrase_stands_in_itself(words: list[str]) -> None:
    written = " ".join(words)
    assert has(written, f"about {written}, and more")
    assert has(written, written.upper().replace(" ", "-"))


def test_initials_are_an_acronym_where_a_text_explains_them() -> None:
    action = phrase_of("vision-language-action")
    assert acronym_in(text_of("A Vision-Language-Action (VLA) policy"), action) == "vla"
    assert acronym_in(text_of("Vision-language-action models (VLAs) act"), action) == "vla"
    assert acronym_in(text_of("Vision, language and action: a VLA policy"), action) == ""
    assert acronym_in(text_of("Vision-language-action is hard for some VLA"), action) == ""
    assert acronym_in(text_of("Image segmentation is hard"), phrase_of("image segmentation")) == ""
    assert acronym_in(text_of("Diffusion, or D"), phrase_of("diffusion")) == ""
