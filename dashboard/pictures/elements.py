"""SVG elements as text: escaped, rounded, in a theme's colours or a page's variables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from dashboard.figures.label_placer import LEADING
from dashboard.figures.layout import Label, Placed, text_colour
from dashboard.figures.record import Cells, ObservationKey
from dashboard.figures.theme import Theme, cell_colour, colour, text_role
from dashboard.type.text import RIGHT_TO_LEFT


@dataclass(frozen=True)
class PaintResolver:
    """How roles become colours: plain ones for files, CSS variables for pages."""

    theme: Theme
    css: bool

    def role(self, role: str) -> str:
        """Return the paint of a colour role."""
        return f"var(--{_css_name(role)})" if self.css else colour(role, self.theme)

    def cell(self, ramp: str, shade: float | None) -> str:
        """Return the paint of a heat map's field, by the same mixture as :func:`theme.cell_colour`."""
        if not self.css:
            return cell_colour(ramp, shade, self.theme)
        if shade is None:
            return self.role("paper")
        share = 6 + 86 * min(1.0, max(0.0, shade))
        return f"color-mix(in srgb,{self.role(ramp)} {num(share)}%,{self.role('paper')})"

    def label(self, label: Label, placed: Placed) -> str:
        """Return the paint of a label."""
        if not self.css:
            return text_colour(label, placed, self.theme)
        if label.kind == "cell":
            mark = placed.chart.marks[label.mark]
            shade = mark.items[label.item].shade if isinstance(mark, Cells) else None
            return self.role("paper" if (shade or 0) > 0.55 else "ink")
        return self.role(text_role(label.colour))


def _css_name(role: str) -> str:
    """Return a role as the name of its CSS variable; anything else is ``quiet``, as in the theme."""
    return role if role.isidentifier() and role.isascii() else "quiet"


def num(value: float) -> str:
    """Return a coordinate to a tenth of a pixel, as short as it goes."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, body: str = "", /, **attributes: str | float | None) -> str:
    """Return an element; ``None`` leaves an attribute out, ``_`` in names becomes ``-``; values escaped."""
    parts = [name.rstrip("_")]
    for key, value in attributes.items():
        if value is not None:
            shown = f'"{num(value)}"' if isinstance(value, (int, float)) else quoteattr(str(value))
            parts.append(f"{_attribute(key)}={shown}")
    head = " ".join(parts)
    return f"<{head}>{body}</{name}>" if body else f"<{head}/>"


@cache
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def text_element(
    lines: Sequence[str], x: float, y: float, size: float, leading: float = LEADING, **attributes: str | None
) -> str:
    """Return words as real text, one ``tspan`` a line after the first.

    A line that a space ended keeps it, so that copied words stay apart: without a width where lines are not
    set from their start, which it would move.
    """
    start = attributes.get("text_anchor") in (None, "start")
    gap = " " if start else '<tspan font-size="0"> </tspan>'
    parts = [_words(line) + (gap if _parted(line, after) else "") for line, after in pairwise([*lines, ""])]
    body = parts[0] + "".join(
        f'<tspan x="{num(x)}" dy="{num(size * leading)}">{part}</tspan>' for part in parts[1:]
    )
    return element("text", body, x=x, y=y, **attributes)


def _words(line: str) -> str:
    """Return a line escaped, words written from the right isolated, so that digits after them stay there."""
    escaped = escape(line)
    if escaped.isascii():
        return escaped
    return RIGHT_TO_LEFT.sub(r'<tspan unicode-bidi="isolate">\g<0></tspan>', escaped)


def _parted(line: str, after: str) -> bool:
    """Return whether a space stands between two lines: in scripts that part words by spaces."""
    return bool(line and after and line[-1] not in "-–/" and line[-1] < "\u2e80" and after[0] < "\u2e80")


def keys(of: Iterable[ObservationKey]) -> str | None:
    """Return observation keys as a ``data-key``: ``entity|indicator|period|source``, space between."""
    return " ".join("|".join(k) for k in of) or None


def tooltip(text: str) -> str:
    """Return what hovering says, for readers without JavaScript."""
    return f"<title>{escape(text)}</title>" if text else ""
