"""An author is the person whom a reader named, in any spelling, and nobody else of the family."""

from __future__ import annotations

import pytest

from transforms.digest.people import named_in, person_of


def is_meant(written: str, author: str) -> bool:
    person = person_of(written)
    return bool(named_in({family: [person] for family in person.families}, author))


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("Yann LeCun", "Yann LeCun"),
        ("Yann LeCun", "Y. LeCun"),
        ("Yann LeCun", "LeCun, Yann"),
        ("LeCun, Y.", "Yann LeCun"),
        ("Yann LeCun", "Yann Le Cun"),
        ("Yann LeCun", "Yann A. LeCun"),
        ("yann lecun", "YANN LECUN"),
        ("Geoffrey Hinton", "G. E. Hinton"),
        ("Ada Örn", "Ada Orn"),
        ("Ada Oern", "Ada Örn"),
        ("Jørgen Müller", "Joergen Mueller"),
        ("Aaron van den Oord", "Oord, Aäron van den"),
        ("van den Oord", "Aäron van den Oord"),
        ("LeCun", "Yann LeCun"),
        ("Fei-Fei Li", "Feifei Li"),
        ("Fei-Fei Li", "F.-F. Li"),
        ("Wei Wang", "W. Wang"),
        ("Wei Wang", "Wang, Wei"),
        ("Ben Poole", "B. Poole"),
        ("Tide Team", "Tide Team"),
        ("张伟", "张伟"),
    ],
)
def test_a_spelling_is_the_person(written: str, author: str) -> None:
    assert is_meant(written, author)


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("Wei Wang", "Wenhao Wang"),
        ("Wei Wang", "Wei-Hua Wang"),
        ("Wei Wang", "Weihua Wang"),
        ("Wei Wang", "Wang Wei"),
        ("Yue Wang", "Yu Wang"),
        ("Xin Xue", "Xin Xu"),
        ("Ben Poole", "Adam Poole"),
        ("Di He", "Kaiming He"),
        ("Yann LeCun", "Yves LeCun"),
        ("Yann LeCun", "LeCun"),
        ("van den Oord", "Anna Oord"),
        ("LeCun", "LeCun Smith"),
        ("Yann LeCun", "(name withheld)"),
        ("Yann LeCun", ""),
    ],
)
def test_another_name_is_another_person(written: str, author: str) -> None:
    assert not is_meant(written, author)


def test_a_rare_name_weighs_more_and_a_given_name_adds() -> None:
    assert person_of("Quarrell").bits > person_of("Wang").bits
    assert person_of("Wei Wang").bits > person_of("Wang").bits
    assert person_of("Wang").is_family_name
    assert not person_of("Wei Wang").is_family_name


@pytest.mark.parametrize("written", ["", " ", "…", ","])
def test_no_name_is_an_error(written: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        person_of(written)
