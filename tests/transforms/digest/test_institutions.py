"""An institution is found by whole words, and by its other names."""

from __future__ import annotations

import pytest

from transforms.digest.institutions import aliases_of, folded_institution, institution_of

ALIASES = aliases_of(
    [
        ("MIT", "Massachusetts Institute of Technology"),
        ("UC Berkeley", "University of California, Berkeley"),
        ("DeepMind", "Google DeepMind"),
        ("HKU", "The University of Hong Kong"),
    ]
)


def is_meant(written: str, printed: str) -> bool:
    return institution_of(written, ALIASES).is_in(folded_institution(printed, ALIASES))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Google", "Google"),
        ("google", "GOOGLE"),
        ("Google", "Google DeepMind"),
        ("Google", "DeepMind"),
        ("DeepMind", "Google DeepMind"),
        ("Google", "Brain Team @ Google"),
        ("MIT", "Massachusetts Institute of Technology"),
        ("Massachusetts Institute of Technology", "MIT"),
        ("Massachusetts Institute of Technology", "CSAIL, MIT"),
        ("UC Berkeley", "University of California, Berkeley"),
        ("University of California, Berkeley", "UC Berkeley"),
        ("University of California", "University of California, Los Angeles"),
        ("University of Hong Kong", "The University of Hong Kong"),
        ("HKU", "University of Hong Kong"),
        ("Ecole Normale", "Inria & École Normale Supérieure"),
        ("Chinese Academy of Sciences", "Institute of Automation, Chinese Academy of Sciences"),
    ],
)
def test_a_printed_name_is_meant(written: str, printed: str) -> None:
    assert is_meant(written, printed)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Google", "Googleplex"),
        ("MIT", "MITRE"),
        ("University of Hong Kong", "The Chinese University of Hong Kong"),
        ("Washington University", "George Washington University"),
        ("Google DeepMind", "Google"),
        ("Google", ""),
    ],
)
def test_another_name_is_not(written: str, printed: str) -> None:
    assert not is_meant(written, printed)


def test_a_name_without_letters_is_an_error() -> None:
    with pytest.raises(ValueError, match="no letter"):
        institution_of(" – ", ALIASES)
