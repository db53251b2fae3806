"""Titles in BibTeX: capitals that must stay are put in braces, since many styles write titles in small letters.

Kept are words with a capital or a digit inside (BERT, LoRA, 3D), single capitals but for A, the first word after a
colon or the end of a sentence, which biblatex would write small, and names that papers have often (Bayesian, German).
Where a title is written in small letters, every word with a capital is a name, and kept.
"""

from __future__ import annotations

import re

from transforms.citing.latex import latex_of
from transforms.citing.mathematics import stretches

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Small in titles that have capitals elsewhere.
_SMALL_ANYWAY = frozenset(
    {
        "with", "from", "into", "onto", "over", "under", "upon", "between", "among", "through", "toward", "towards",
        "across", "against", "without", "within", "beyond", "during", "about", "after", "before", "than", "that",
        "when", "where", "while", "using",
    }
)  # fmt: skip
_BEGINS = re.compile(r"[:.?!\u2014]\s+[\"'(\u201c\u2018]*$")
_NAMED = frozenset(
    {
        "Bayes", "Bayesian", "Bernoulli", "Boltzmann", "Brownian", "Carlo", "Dirichlet", "Euclidean", "Euler",
        "Fourier", "Frobenius", "Gaussian", "Gibbs", "Gromov", "Hamilton", "Hamiltonian", "Hausdorff", "Hebbian",
        "Hessian", "Hilbert", "Hopfield", "Jacobi", "Jacobian", "Kalman", "Kantorovich", "Koopman", "Krylov",
        "Kronecker", "Lagrange", "Lagrangian", "Langevin", "Laplace", "Laplacian", "Lipschitz", "Lyapunov",
        "Mahalanobis", "Markov", "Markovian", "Monte", "Nash", "Newton", "Nesterov", "Pareto", "Poisson", "Pontryagin",
        "Rademacher", "Riemann", "Riemannian", "Schrödinger", "Shannon", "Shapley", "Sinkhorn", "Sobolev",
        "Stackelberg", "Taylor", "Thompson", "Turing", "Tweedie", "Wasserstein", "Wiener", "African", "American",
        "Arabic", "Asian", "Bengali", "Chinese", "Dutch", "English", "European", "French", "German", "Greek", "Hebrew",
        "Hindi", "Indian", "Indic", "Indonesian", "Italian", "Japanese", "Korean", "Latin", "Mandarin", "Persian",
        "Polish", "Portuguese", "Russian", "Spanish", "Swahili", "Turkish", "Urdu", "Vietnamese", "Android", "Bitcoin",
        "Google", "Java", "Kubernetes", "Linux", "Minecraft", "Python", "Reddit", "Rust", "Twitter", "Verilog",
        "Wikipedia",
    }
)  # fmt: skip


def bibtex_title(title: str) -> str:
    """The title as the value of a BibTeX field: in LaTeX, with braces that match, and math as it is."""
    parts = tuple(stretches(title))
    is_small = _is_in_small_letters([word for is_math, part in parts if not is_math for word in part.split()])
    written: list[str] = []
    before, is_first = "", True
    for is_math, part in parts:
        if is_math:
            written.append(f"{{${_in_ascii(part)}$}}")
            before, is_first = "", False
            continue
        end = 0
        for found in _WORD.finditer(part):
            between = part[end : found.start()]
            begins = _BEGINS.search(before + between) is not None
            stays = _stays(found[0], begins=begins, is_small=is_small and not is_first)
            word = latex_of(found[0])
            written += [latex_of(between), f"{{{word}}}" if stays else word]
            before, is_first, end = "", False, found.end()
        written.append(latex_of(part[end:]))
        before = part[end:]
    return "".join(written)


def _stays(word: str, *, begins: bool, is_small: bool) -> bool:
    """Whether a style that writes titles in small letters must leave the word alone."""
    if any(sign.isupper() for sign in word[1:]):
        return True
    if any(sign.isdigit() for sign in word):
        return any(sign.isalpha() for sign in word)
    if not word[0].isupper():
        return False
    stem = re.sub(r"['\u2019]s$", "", word)
    return is_small or begins or stem in _NAMED or (len(word) == 1 and word != "A")


def _is_in_small_letters(words: list[str]) -> bool:
    """Whether a quarter of the longer words after the first, or more, have small letters: capitals mean names then.

    Where nearly all have capitals, as titles in English often do, nobody can tell a name from another word.
    """
    plain = [word.strip("\"'(),.:;?!") for word in words[1:]]
    longer = [word for word in plain if len(word) > 3 and word[0].isalpha() and word.lower() not in _SMALL_ANYWAY]
    return bool(longer) and sum(word.islower() for word in longer) * 4 >= len(longer)


def _in_ascii(math: str) -> str:
    """Math with commands in place of what is no ASCII: the rest is LaTeX already."""
    return "".join(sign if sign.isascii() else latex_of(sign) for sign in math)
