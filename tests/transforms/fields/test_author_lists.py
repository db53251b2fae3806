"""Authors that come as one text."""

from __future__ import annotations

import time

import pytest

from tests.support.patience import patient
from transforms.fields.author_lists import names_in

LISTS = {
    "I. Csiszar, F. Hiai and D. Petz": ("I. Csiszar", "F. Hiai", "D. Petz"),
    r"Francois Delarue (PMA), Fr\'ed\'eric Lagouti\`ere (LJLL)": ("Francois Delarue", "Frédéric Lagoutière"),
    r"Jos\'{e} Mu\~noz, \L ukasz \v{S}koda, {\O}ystein and Erd\H{o}s": (
        "José Muñoz",
        "Łukasz Škoda",
        "Øystein",
        "Erdős",
    ),
    "A. B. Smith, Jr., C. D, and E. F": ("A. B. Smith Jr.", "C. D", "E. F"),
    "Planck Collaboration: P. A. R. Ade, N. Aghanim": ("Planck Collaboration", "P. A. R. Ade", "N. Aghanim"),
    "T. Aaltonen (for the CDF Collaboration)": ("T. Aaltonen",),
    "Ada Example (1,2), Bo Sample (2) ((1) A, B and C, (2) D": ("Ada Example", "Bo Sample"),
    "Sean O'Neil": ("Sean O'Neil",),
    "": (),
}


@pytest.mark.parametrize(("text", "expected"), LISTS.items())
def test_names_are_in_order_without_affiliations(text: str, expected: tuple[str, ...]) -> None:
    assert names_in(text) == expected


@pytest.mark.parametrize("hostile", [" " * 40_000, "and " * 10_000, "(" * 20_000, "{\\'" * 10_000, ", Jr" * 10_000])
def test_hostile_lists_take_no_time(hostile: str) -> None:
    began = time.process_time()
    names_in(f"Ada Example{hostile}")
    assert time.process_time() - began < patient(2)
