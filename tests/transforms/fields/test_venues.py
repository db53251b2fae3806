"""The venue in a line of comments: given where the words say so, with these words, and else not at all."""

from __future__ import annotations

import time

import pytest

from tests.support.patience import patient
from transforms.fields.venues import venue_of

# Comments of real papers, from the answers and pages in ../shared/data/other/arxiv.
SAID = (
    (
        "Accepted at NeurIPS 2025. Code available at this https URL",
        "NeurIPS 2025",
    ),
    (
        "15 pages, Accepted in ApJS",
        "ApJS",
    ),
    (
        "Accepted for publication in A&A,18 pages, 13 figures",
        "A&A",
    ),
    (
        "Accepted for publication by RAA, 18 pages, 9 figures, 4 tables",
        "RAA",
    ),
    (
        "Accepted in MNRAS 2023 February 28. Received 2023 February 28; in original form 2022 July 09",
        "MNRAS",
    ),
    (
        (
            "48 pages, 21 figures, accepted for publication in The Astrophysical Journal Supplement Series. "
            "Multipanel figures for all 45 galaxies"
        ),
        "Astrophysical Journal Supplement Series",
    ),
    (
        ("Accepted by the 32nd ACM SIGSOFT International Symposium on Software Testing and Analysis (ISSTA 2023)"),
        "32nd ACM SIGSOFT International Symposium on Software Testing and Analysis (ISSTA 2023)",
    ),
    (
        (
            "11 pages, to be published in the Proceedings of the IEEE International Conference on Software "
            "Testing, Verification and Validation (ICST 2021)"
        ),
        (
            "Proceedings of the IEEE International Conference on Software Testing, Verification and "
            "Validation (ICST 2021)"
        ),
    ),
    (
        (
            "To appear at the IEEE International Conference on Software Testing, Verification, and "
            "Validation (ICST 2022)"
        ),
        "IEEE International Conference on Software Testing, Verification, and Validation (ICST 2022)",
    ),
    (
        (
            "Accepted to International Conference on Software Testing, Verification and Validation (ICST) "
            "2024 / Key words: Large-language models"
        ),
        "International Conference on Software Testing, Verification and Validation (ICST) 2024",
    ),
    (
        "Paper published at the 2019 IEEE/ACM 4th International Workshop on Metamorphic Testing (MET)",
        "2019 IEEE/ACM 4th International Workshop on Metamorphic Testing (MET)",
    ),
    (
        "16 pages, 15 figures, published by MNRAS",
        "MNRAS",
    ),
    (
        (
            "78 pages, many figures, graphs and references. Version accepted for publication in Quantum "
            "(completed missing part in the proof of reversibility of time evolution)"
        ),
        "Quantum",
    ),
    (
        (
            "26 pages, 14 figures, Accepted for publication at PASA 23/2/2023, Full catalogues and "
            "underlying data available at: https://doi.org/10.25919/8ga8-0n09"
        ),
        "PASA",
    ),
    (
        "Final version. To appear in Journal d'Analyse Mathematique",
        "Journal d'Analyse Mathematique",
    ),
)
# The same words as authors of machine learning write them.
INVENTED = {
    "NeurIPS 2025 (oral)": "NeurIPS 2025",
    "CVPR 2026, camera ready": "CVPR 2026",
    "Camera-ready version for ACL 2026": "ACL 2026",
    "Accepted as an oral paper at ECCV 2026": "ECCV 2026",
    "Findings of EMNLP 2025": "Findings of EMNLP 2025",
    "Accepted by IEEE Trans. Pattern Anal. Mach. Intell.; 12 pages": "IEEE Trans. Pattern Anal. Mach. Intell",
}
NOTHING = [
    "Submitted to MNRAS. Comments welcome",  # real, as are those to the empty line
    "13 pages, 7 figures, submitted to ApJ",
    "53 pages. Added result. Abridged version to appear in Symposium on Discrete Algorithms (SODA), 2021",
    'Extended version of paper "The Complexity of Testing Message-Passing Concurrency" on POPL 2026',
    "15 pages. This version corrects some misprints of the published version",
    "A&A accepted by Editor",
    "54 pages, final published version",
    "44 pages, editors for the proceedings: Yanling Chen and A. J. Han Vinck",
    "",
    "Under review at ICML 2026",
    "Not accepted at ICML 2026",
    "Extended version of a paper accepted at ICML 2026",
    "Accepted for publication. 12 pages",
    "We compare the papers of NeurIPS 2024 and ICML 2025",
    "published in 2024",
]


@pytest.mark.parametrize(("comments", "expected"), [*SAID, *INVENTED.items()])
def test_a_venue_comes_with_the_words_it_was_read_from(comments: str, expected: str) -> None:
    found = venue_of(comments)
    assert found is not None
    venue, words = found
    assert venue == expected
    assert venue in words
    assert words in comments


@pytest.mark.parametrize("comments", NOTHING)
def test_no_venue_is_made_of_other_words(comments: str) -> None:
    assert venue_of(comments) is None


def test_no_comments_have_no_venue() -> None:
    assert venue_of(None) is None


def test_a_long_comment_takes_no_long_time() -> None:
    assert venue_of("accepted " * 20_000) is None
    assert venue_of("extended version of " * 5_000 + "accepted at X1") is None


@pytest.mark.parametrize("hostile", ["accepted at x ", "extended version ", "to appear ", " ", "accepted at A 1 ", "("])
def test_hostile_comments_take_no_time(hostile: str) -> None:
    began = time.process_time()
    venue_of(f"accepted {hostile * 5_000}")
    assert time.process_time() - began < patient(2)
