"""Plots as inline SVG: drawn twice, for wide and narrow screens, in the page's own colours.

Colours are placeholders that become CSS variables, so one plot serves light and dark mode; the same points always give
the same bytes. Matplotlib takes a second to import: modules that need this one are imported when a page is made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Colours that no plot would use by itself, and the variables of the page's style that they stand for.
INK, MUTED, GRID, BAND = "#000101", "#000102", "#000103", "#000104"
TOP = ("#000111", "#000112", "#000113", "#000114", "#000115")
VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--line)",
    BAND: "var(--band)",
    **{color: f"var(--c{place})" for place, color in enumerate(TOP, start=1)},
}
MARKERS = ("o", "s", "^", "D", "v")
SVG = "{http://www.w3.org/2000/svg}"

Draw = Callable[[Axes, bool], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One plot in two widths; a style sheet shows the one that fits."""

    wide: str
    narrow: str


def plot(name: str, title: str, description: str, draw: Draw, *, heights: tuple[float, float]) -> Plot:
    """Draw both widths of a plot; `heights` are in inches, wide first."""

    def drawn(width: float, height: float, *, is_wide: bool) -> str:
        salt = f"{name}-{'wide' if is_wide else 'narrow'}"
        with mpl.rc_context({**_settings(is_wide=is_wide), "svg.hashsalt": salt}):
            figure = Figure(figsize=(width, height), layout="constrained")
            axes = figure.add_subplot()
            _bare(axes)
            draw(axes, is_wide)
            return _inline(figure, salt, title, description)

    return Plot(wide=drawn(8.6, heights[0], is_wide=True), narrow=drawn(4.6, heights[1], is_wide=False))


def _settings(*, is_wide: bool) -> dict[Any, Any]:
    return {
        "svg.fonttype": "none",  # text stays text: searchable, and in the page's own font
        "text.parse_math": False,
        "font.size": 9 if is_wide else 10.5,
        "text.color": INK,
        "axes.labelcolor": MUTED,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "axes.edgecolor": GRID,
        "grid.color": GRID,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
    }


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(visible=True, axis="both", linewidth=0.7)
    axes.set_axisbelow(True)


def _inline(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as an element of the page: described, without size, ids or colours of its own."""
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    root = etree.fromstring(written.getvalue(), etree.XMLParser(resolve_entities=False, no_network=True))
    for group in root.iter(f"{SVG}g"):
        group.attrib.pop("id", None)
    for element in root.findall(f"{SVG}metadata"):
        root.remove(element)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{SVG}{tag}", id=f"{name}-{'description' if tag == 'desc' else tag}")
        element.text = text
        root.insert(place, element)
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode")
    text = re.sub(r"#0001[01]\d", lambda found: VARIABLES[found.group()], text)
    return re.sub(r"(font: (?:bold |700 )?[\d.]+px) [^;\"]*", r"\1 var(--font)", text)
