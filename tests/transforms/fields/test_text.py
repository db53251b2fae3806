"""Stored text keeps clean strings as they are; match keys see through notation."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fields.text import (
    letters_digits,
    match_tokens,
    paragraphs,
    storable,
    stored,
    title_line,
)

WORDS = (
    "the", "of", "a_b", "x^2", "49.17\\%", "$\\pi_0$", "naïve", "Poincaré’s", "Łukasz", "Größe", "Çelik", "Señor",
    "Ørsted", "“tight”", "—", "–", "α-stable", "π₀", "R²", "±3°", "4×", "≥", "→", "∼5µm", "大模型", "Обзор", "한국어",
    "…", "™", "«là»",
)  # fmt: skip
CLEAN = st.lists(st.sampled_from(WORDS) | st.text(st.characters(min_codepoint=33, max_codepoint=126))).map(" ".join)
# Everything that a broken page may hold: lone surrogates, control characters, UTF-8 read as a Windows code page.
BROKEN = st.text(st.characters(exclude_categories=())) | st.builds(
    lambda text, codec: text.encode().decode(codec, errors="ignore"),
    CLEAN,
    st.sampled_from(["cp1250", "cp1252", "latin-1"]),
)


@given(BROKEN)
def test_storing_twice_changes_nothing_more(text: str) -> None:
    assert stored(stored(text)) == stored(text)


@given(BROKEN)
def test_titles_and_paragraphs_are_stable_too(text: str) -> None:
    assert title_line(title_line(text)) == title_line(text)
    assert paragraphs(paragraphs(text)) == paragraphs(text)


@given(BROKEN)
def test_stored_text_can_be_written_anywhere(text: str) -> None:
    assert "\x00" not in stored(text)
    assert stored(text).encode().decode() == stored(text)
    assert unicodedata.is_normalized("NFC", stored(text))
    assert "\x00" not in storable(text)
    assert len(storable(text).encode()) >= len(text)


@given(CLEAN)
def test_clean_words_stay_as_they_are(text: str) -> None:
    assert stored(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Poincaré’s inequality — sharp, “tight” and fast…",
        "CAFÉ™ and RÉSUMÉ… in “the café…”",
        "«\xa0là, à\xa0Paris, café\xa0»",
        "Łukasz, Ďábel, Șerban, Þór, Øyvind and Ångström",
        "x² → x2, 5 µm ± 3 °C, R² ≥ 0.9, 4× H800, naïve Bayes",
        "大语言模型的“幻觉”问题：综述",
        "Обзор методов обучения",
        r"$\pi_0$ and {\em VLA} with 49.17\% and \"u",
        "Straße der Übermenschen, größer als ß",
        "Größe – Maß – Übung",
        "50 ‰, ‹é›, 3′ 4″, ½ and ¾",
    ],
)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert stored(text) == text


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("hardware (4Ă— H800 GPUs)", "hardware (4× H800 GPUs)"),
        ("4Ã— H800", "4× H800"),
        ("donâ€™t", "don’t"),
        ("naÃ¯ve", "naïve"),
        ("it costs â‚¬5", "it costs €5"),
        ("cafe\u0301", "café"),
        ("a\x00b\x07c\x9dd", "abcd"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("half of a pair \ud83d", "half of a pair \ufffd"),
    ],
)
def test_accidents_are_healed(printed: str, meant: str) -> None:
    assert stored(printed) == meant


def test_titles_stand_on_one_line() -> None:
    assert title_line("  A Title\n  on two\xa0lines\t") == "A Title on two lines"
    assert title_line(" \n ") == ""


def test_abstracts_keep_paragraphs_and_lose_line_breaks() -> None:
    assert (
        paragraphs("\nOne line\nand the  next.\n\n \nA new\nparagraph.\n")
        == "One line and the next.\n\nA new paragraph."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$T^2$", "T^2"),
        ("$\\pi_0$", "π_0"),
        ("$\\varepsilon$-greedy", "ϵ-greedy"),
        ("\\textbf{Bold \\emph{and} more}", "Bold and more"),
        ("{\\em quiet} words", "quiet words"),
        ('Schr\\"odinger', "Schrödinger"),
        ("\\'{E}cole", "École"),
        ("Fran\\c{c}ois", "François"),
        ("ﬁne‑tuning", "fine-tuning"),
        ("soft\u00adhyphen", "softhyphen"),
        ("Łukasz Ørsted", "Lukasz Orsted"),
        ("𝛼-divergence", "α-divergence"),
        ("x²", "x2"),
    ],
)
def test_notation_does_not_matter_to_the_exact_key(one: str, other: str) -> None:
    assert letters_digits(one) == letters_digits(other) != ""


def test_tokens_are_lower_case_words() -> None:
    assert match_tokens("G$^3$VLA: Größe & λ-Calculus\u200b!") == ("g", "3", "vla", "grosse", "lambda", "calculus")


@given(st.text(st.characters(max_codepoint=127, exclude_characters="\\")))
def test_tokens_of_plain_text_are_its_runs_of_letters_and_digits(text: str) -> None:
    assert match_tokens(text) == tuple(re.findall(r"[0-9a-z]+", text.lower()))


@given(CLEAN)
def test_the_key_is_the_tokens_without_separators(text: str) -> None:
    assert letters_digits(text) == "".join(match_tokens(text))


@given(CLEAN)
def test_white_space_does_not_matter_to_the_key(text: str) -> None:
    assert letters_digits(paragraphs(text)) == letters_digits(text)
