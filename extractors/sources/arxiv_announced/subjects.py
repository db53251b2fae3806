"""What arXiv calls its lists: archives, their categories, and the group of all physics, by code and by name.

The names are those of arxiv-base `taxonomy/definitions.py` (read 2026-06-29). Only pages without entries and links need
them: a new category is read all the same, by its code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

SERIES_CHARACTERS_MAX = 32
PHYSICS = "grp_physics"
# A hundred and more entries on every day of announcement: an empty list of theirs means that nothing was announced.
# cs.AI had 79 new and 160 cross-listed ones on 2026-08-12, and the others of these have as many or more.
BUSY = frozenset({"cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs", "math", PHYSICS})
WITNESS = "cs.LG"
_SERIES = re.compile(r"[a-z]{1,12}(?:-[a-z]{1,8})?(?:\.[A-Za-z]{1,8}(?:-[A-Za-z]{1,8})?)?", re.ASCII)
# Of two names of one category the site has the second on its pages, and sends requests for the first there.
_ALIASES = {
    "math.MP": "math-ph", "stat.TH": "math.ST", "math.IT": "cs.IT",
    "q-fin.EC": "econ.GN", "cs.SY": "eess.SY", "cs.NA": "math.NA",
}  # fmt: skip
_PHYSICS_ARCHIVES = frozenset({
    "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex", "nucl-th",
    "physics", "quant-ph",
})  # fmt: skip
# An archive's name, then its categories: the end of the code and the name.
_ARCHIVES = {
    "astro-ph": (
        "Astrophysics: CO Cosmology and Nongalactic Astrophysics; EP Earth and Planetary Astrophysics; GA "
        "Astrophysics of Galaxies; HE High Energy Astrophysical Phenomena; IM Instrumentation and Methods for "
        "Astrophysics; SR Solar and Stellar Astrophysics"
    ),
    "cond-mat": (
        "Condensed Matter: dis-nn Disordered Systems and Neural Networks; mes-hall Mesoscale and Nanoscale "
        "Physics; mtrl-sci Materials Science; other Other Condensed Matter; quant-gas Quantum Gases; soft "
        "Soft Condensed Matter; stat-mech Statistical Mechanics; str-el Strongly Correlated Electrons; "
        "supr-con Superconductivity"
    ),
    "cs": (
        "Computer Science: AI Artificial Intelligence; AR Hardware Architecture; CC Computational Complexity; "
        "CE Computational Engineering, Finance, and Science; CG Computational Geometry; CL Computation and "
        "Language; CR Cryptography and Security; CV Computer Vision and Pattern Recognition; CY Computers and "
        "Society; DB Databases; DC Distributed, Parallel, and Cluster Computing; DL Digital Libraries; DM "
        "Discrete Mathematics; DS Data Structures and Algorithms; ET Emerging Technologies; FL Formal "
        "Languages and Automata Theory; GL General Literature; GR Graphics; GT Computer Science and Game "
        "Theory; HC Human-Computer Interaction; IR Information Retrieval; IT Information Theory; LG Machine "
        "Learning; LO Logic in Computer Science; MA Multiagent Systems; MM Multimedia; MS Mathematical "
        "Software; NE Neural and Evolutionary Computing; NI Networking and Internet Architecture; OH Other "
        "Computer Science; OS Operating Systems; PF Performance; PL Programming Languages; RO Robotics; SC "
        "Symbolic Computation; SD Sound; SE Software Engineering; SI Social and Information Networks"
    ),
    "econ": "Economics: EM Econometrics; GN General Economics; TH Theoretical Economics",
    "eess": (
        "Electrical Engineering and Systems Science: AS Audio and Speech Processing; IV Image and Video "
        "Processing; SP Signal Processing; SY Systems and Control"
    ),
    "gr-qc": "General Relativity and Quantum Cosmology",
    "hep-ex": "High Energy Physics - Experiment",
    "hep-lat": "High Energy Physics - Lattice",
    "hep-ph": "High Energy Physics - Phenomenology",
    "hep-th": "High Energy Physics - Theory",
    "math": (
        "Mathematics: AC Commutative Algebra; AG Algebraic Geometry; AP Analysis of PDEs; AT Algebraic "
        "Topology; CA Classical Analysis and ODEs; CO Combinatorics; CT Category Theory; CV Complex "
        "Variables; DG Differential Geometry; DS Dynamical Systems; FA Functional Analysis; GM General "
        "Mathematics; GN General Topology; GR Group Theory; GT Geometric Topology; HO History and Overview; "
        "KT K-Theory and Homology; LO Logic; MG Metric Geometry; NA Numerical Analysis; NT Number Theory; OA "
        "Operator Algebras; OC Optimization and Control; PR Probability; QA Quantum Algebra; RA Rings and "
        "Algebras; RT Representation Theory; SG Symplectic Geometry; SP Spectral Theory; ST Statistics Theory"
    ),
    "math-ph": "Mathematical Physics",
    "nlin": (
        "Nonlinear Sciences: AO Adaptation and Self-Organizing Systems; CD Chaotic Dynamics; CG Cellular "
        "Automata and Lattice Gases; PS Pattern Formation and Solitons; SI Exactly Solvable and Integrable "
        "Systems"
    ),
    "nucl-ex": "Nuclear Experiment",
    "nucl-th": "Nuclear Theory",
    "physics": (
        "Physics: acc-ph Accelerator Physics; ao-ph Atmospheric and Oceanic Physics; app-ph Applied Physics; "
        "atm-clus Atomic and Molecular Clusters; atom-ph Atomic Physics; bio-ph Biological Physics; chem-ph "
        "Chemical Physics; class-ph Classical Physics; comp-ph Computational Physics; data-an Data Analysis, "
        "Statistics and Probability; ed-ph Physics Education; flu-dyn Fluid Dynamics; gen-ph General Physics; "
        "geo-ph Geophysics; hist-ph History and Philosophy of Physics; ins-det Instrumentation and Detectors; "
        "med-ph Medical Physics; optics Optics; plasm-ph Plasma Physics; pop-ph Popular Physics; soc-ph "
        "Physics and Society; space-ph Space Physics"
    ),
    "q-bio": (
        "Quantitative Biology: BM Biomolecules; CB Cell Behavior; GN Genomics; MN Molecular Networks; NC "
        "Neurons and Cognition; OT Other Quantitative Biology; PE Populations and Evolution; QM Quantitative "
        "Methods; SC Subcellular Processes; TO Tissues and Organs"
    ),
    "q-fin": (
        "Quantitative Finance: CP Computational Finance; GN General Finance; MF Mathematical Finance; PM "
        "Portfolio Management; PR Pricing of Securities; RM Risk Management; ST Statistical Finance; TR "
        "Trading and Market Microstructure"
    ),
    "quant-ph": "Quantum Physics",
    "stat": ("Statistics: AP Applications; CO Computation; ME Methodology; ML Machine Learning; OT Other Statistics"),
}


def series_of(text: str) -> str:
    """The text, if a category, an archive or `grp_physics` can be called so. ValueError says what is wrong."""
    if text == PHYSICS:
        return text
    if len(text) > SERIES_CHARACTERS_MAX or not _SERIES.fullmatch(text):
        raise ValueError(f"no category of arXiv: write one like cs.LG, an archive like math, or {PHYSICS}")
    if text in _ALIASES:
        raise ValueError(f"{text} is another name of {_ALIASES[text]}: write that")
    known = {code.lower(): code for code in NAMES}.get(text.lower(), text)
    if known != text:
        raise ValueError(f"no category of arXiv; did you mean {known}?")
    return text


def canonical(code: str) -> str:
    """The name of a category that the site's pages use."""
    return _ALIASES.get(code, code)


def called(code: str) -> str:
    """A code with its name, for messages."""
    return f"{code} ({NAMES[code]})" if code in NAMES else code


def codes_called(name: str) -> frozenset[str]:
    """The lists of that name: both cs.LG and stat.ML are Machine Learning. Empty for an unknown name."""
    return _CODES.get(name, frozenset())


def belongs(category: str, series: str) -> bool:
    """Whether a paper of the category is listed in the series: itself, its archive, or the group of all physics."""
    names = (canonical(category), *(alias for alias, name in _ALIASES.items() if name == canonical(category)))
    if series == PHYSICS:
        return any(name.partition(".")[0] in _PHYSICS_ARCHIVES for name in names)
    return any(series in (name, name.partition(".")[0]) for name in names)


def _names() -> Iterator[tuple[str, str]]:
    yield PHYSICS, "Physics"
    for archive, text in _ARCHIVES.items():
        name, _, categories = text.partition(": ")
        yield archive, name
        for category in filter(None, categories.split("; ")):
            code, _, of_category = category.partition(" ")
            yield f"{archive}.{code}", of_category


def _by_name(names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in names.items():
        found[name].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


NAMES = dict(_names())
_CODES = _by_name(NAMES)
