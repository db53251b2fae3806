"""The institution lines of two weekly pages, every one, and the rules behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fields.institutions import primary, split
from transforms.records import Institution


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("University of California, Berkeley", "University of California, Berkeley"),
        ("ML Alignment | All: & Theory Scholars (MATS) program", "ML Alignment & Theory Scholars (MATS) program"),
        ("ARYA Labs PBC", "ARYA Labs PBC"),
        ("Mila – Québec AI Institute", "Mila – Québec AI Institute"),
        ("University of Cambridge", "University of Cambridge"),
        ("Stanford University", "Stanford University"),
        ("Unknown", None),
        ("unknown", None),
        ("Mila", "Mila"),
        ("University of Wisconsin-Madison", "University of Wisconsin-Madison"),
        ("Google DeepMind", "Google DeepMind"),
        ("Technical University of Darmstadt", "Technical University of Darmstadt"),
        ("Kuaishou Technology", "Kuaishou Technology"),
        ("DataLens Africa Research", "DataLens Africa Research"),
        ("Not specified in provided text", None),
        ("Tsinghua University", "Tsinghua University"),
        ("Not explicitly stated in text (likely Echelon AI Labs based on GitHub repository links)", None),
        ("University of Technology Nuremberg", "University of Technology Nuremberg"),
        ("The University of Hong Kong", "The University of Hong Kong"),
        ("", None),
        ("-", None),
        ("N/A", None),
        ("Not mentioned", None),
        ("Unknown (two affiliations, both hidden)", None),
        ("None Such Institute", "None Such Institute"),
        ("Notre Dame University", "Notre Dame University"),
        ("Technical University of Example, Example, Germany; Other Place, Town", "Technical University of Example"),
    ],
)
def test_a_primary_line_names_one_institution_or_none(printed: str, name: str | None) -> None:
    assert primary(printed) == name


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        (
            "University of California, Berkeley, Inria & École Normale Supérieure",
            ["University of California, Berkeley", "Inria & École Normale Supérieure"],
        ),
        ("ML Alignment | All: & Theory Scholars (MATS) program", ["ML Alignment & Theory Scholars (MATS) program"]),
        ("ARYA Labs PBC", ["ARYA Labs PBC"]),
        (
            (
                "Mila – Québec AI Institute, Broad Institute of MIT & Harvard, Aithyra, University of Oxford, "
                "Université de Montréal, CIFAR, Imperial College London"
            ),
            ["Mila – Québec AI Institute", "Broad Institute of MIT & Harvard", "Aithyra", "University of Oxford",
             "Université de Montréal", "CIFAR", "Imperial College London"],
        ),
        ("University of Cambridge, Google DeepMind, University of Oxford",
         ["University of Cambridge", "Google DeepMind", "University of Oxford"]),
        ("Stanford University", ["Stanford University"]),
        ("Unknown", []),
        ("unknown", []),
        ("Mila, Université de Montréa, FAIR at Meta, CIFAR AI Chair",
         ["Mila", "Université de Montréa", "FAIR at Meta", "CIFAR AI Chair"]),
        ("University of Wisconsin-Madison", ["University of Wisconsin-Madison"]),
        ("Google DeepMind", ["Google DeepMind"]),
        (
            (
                "Technical University of Darmstadt, Darmstadt, Germany; University of Notre Dame, Notre Dame, IN, USA; "
                "Technical University of Ilmenau, Ilmenau, Germany"
            ),
            ["Technical University of Darmstadt", "University of Notre Dame", "Technical University of Ilmenau"],
        ),
        ("Kuaishou Technology", ["Kuaishou Technology"]),
        ("DataLens Africa Research, CipherSense AI", ["DataLens Africa Research", "CipherSense AI"]),
        ("Not specified in provided text", []),
        ("Tsinghua University, Alibaba Group, Tongyi Lab", ["Tsinghua University", "Alibaba Group", "Tongyi Lab"]),
        ("Echelon AI Labs", ["Echelon AI Labs"]),
        (
            (
                "University of Technology Nuremberg, Carnegie Mellon University, "
                "International Institute of Information Technology Hyderabad"
            ),
            ["University of Technology Nuremberg", "Carnegie Mellon University",
             "International Institute of Information Technology Hyderabad"],
        ),
        ("The University of Hong Kong, Kinetix AI", ["The University of Hong Kong", "Kinetix AI"]),
        # Not seen yet, but bound to come.
        ("The University of Texas, Austin, Acme, Inc., Other",
         ["The University of Texas, Austin", "Acme, Inc.", "Other"]),
        ("University of California, San Diego, La Jolla, CA, USA; Acme, Ltd., London",
         ["University of California, San Diego", "Acme, Ltd."]),
        ("Lab (North, South), Other Lab", ["Lab (North, South)", "Other Lab"]),
        ("Unknown, Some Lab, some lab", ["Some Lab"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_list_is_split_between_names_and_never_inside(printed: str, names: list[str]) -> None:
    assert [institution.name for institution in split(printed)] == names


def test_the_printed_text_is_kept_beside_the_name() -> None:
    assert split("ML Alignment | All: & Theory Scholars (MATS) program, Lab") == (
        Institution(
            name="ML Alignment & Theory Scholars (MATS) program",
            raw="ML Alignment | All: & Theory Scholars (MATS) program",
        ),
        Institution(name="Lab", raw="Lab"),
    )
    assert [found.raw for found in split("One Place, Town, Land; Two Place, City")] == [
        "One Place, Town, Land",
        "Two Place, City",
    ]


@given(st.text(st.sampled_from("ab ,;&()"), max_size=60))
def test_no_institution_is_empty_or_twice(text: str) -> None:
    names = [institution.name for institution in split(text)]
    assert all(names)
    assert len({name.casefold() for name in names}) == len(names)
