r"""Formulas in titles: which stretches are `$math$` of LaTeX, and how they read without it.

A dollar may also be money, and a title is a stranger's text that ends in somebody's LaTeX run: a stretch is math only
if its dollars stand as Pandoc asks for, its braces match, and every command in it is one of those below, which draw
signs. Anything else is text, and escaped: `$\input{secret}$` reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRETCH = re.compile(r"(?<!\\)\$(?=\S)((?:[^$\\]|\\.){1,200}?)(?<=\S)\$(?!\d)")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_DRAWS = frozenset(
    {
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
        "lambda", "mu", "nu", "xi", "pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon", "phi",
        "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi",
        "Psi", "Omega", "mathcal", "mathbb", "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathfrak", "mathscr",
        "boldsymbol", "bm", "text", "textbf", "textit", "textrm", "textsc", "operatorname", "hat", "bar", "tilde",
        "vec", "dot", "ddot", "widehat", "widetilde", "overline", "underline", "sqrt", "frac", "tfrac", "dfrac",
        "binom", "ell", "infty", "partial", "nabla", "forall", "exists", "in", "notin", "subset", "subseteq", "supset",
        "cup", "cap", "emptyset", "setminus", "times", "cdot", "div", "pm", "mp", "ast", "star", "circ", "bullet",
        "oplus", "otimes", "odot", "wedge", "vee", "neg", "leq", "le", "geq", "ge", "neq", "ne", "ll", "gg", "approx",
        "sim", "simeq", "equiv", "propto", "prec", "succ", "perp", "parallel", "mid", "to", "rightarrow", "leftarrow",
        "leftrightarrow", "Rightarrow", "Leftarrow", "Leftrightarrow", "mapsto", "uparrow", "downarrow",
        "longrightarrow", "sum", "prod", "int", "max", "min", "sup", "inf", "lim", "log", "ln", "exp", "sin", "cos",
        "tan", "det", "dim", "ker", "arg", "Pr", "gcd", "left", "right", "langle", "rangle", "lfloor", "rfloor",
        "lceil", "rceil", "lbrace", "rbrace", "vert", "Vert", "ldots", "cdots", "dots", "quad", "prime", "dagger",
        "hbar", "Re", "Im", "aleph", "top", "bot", "square",
    }
)  # fmt: skip
_SIGNS = frozenset(",;:! {}%#&_|")
_SUPERSCRIPT = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_RAISED = re.compile(r"\^(?:\{([0-9+\-n]{1,4})\}|([0-9n]))")
_LOWERED = re.compile(r"_(?:\{([0-9+\-]{1,4})\}|([0-9]))")


def stretches(text: str) -> Iterator[tuple[bool, str]]:
    """The text in its order: what is not math as it is, and math without its dollars; true stands for math."""
    end = 0
    for found in _STRETCH.finditer(text):
        if not _is_safe(found[1]):
            continue
        if found.start() > end:
            yield False, text[end : found.start()]
        yield True, found[1]
        end = found.end()
    if end < len(text):
        yield False, text[end:]


def in_plain_text(text: str) -> str:
    """The text with its math as Unicode, as far as there are signs: `$O(n^2)$` is O(n²)."""
    return "".join(_plain(part) if is_math else part for is_math, part in stretches(text))


def _is_safe(math: str) -> bool:
    if not all(each in _DRAWS or each in _SIGNS for each in _COMMAND.findall(math)):
        return False
    bare = re.sub(r"\\.", "", math)
    return not re.search("[%#&]", bare) and _is_balanced(bare) and _is_balanced(math)


def _is_balanced(text: str) -> bool:
    """BibTeX counts every brace, LaTeX those without a backslash: both must come out even."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def _plain(math: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415 - few titles have math

    raised = _RAISED.sub(lambda found: (found[1] or found[2]).translate(_SUPERSCRIPT), math)
    lowered = _LOWERED.sub(lambda found: (found[1] or found[2]).translate(_SUBSCRIPT), raised)
    return " ".join(str(LatexNodes2Text().latex_to_text(lowered)).split())
