"""SVG elements as text: escaped, rounded, in a theme's colours or a page's variables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from dashboard.figures.layout import Label, Placed, text_colour
from dashboard.figures.record import Cells, ObservationKey
from dashboard.figures.theme import Theme, cell_colour, colour, text_role
from dashboard.type.text import RIGHT_TO_LEFT

XML_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML forbids."""


@dataclass(frozen=True)
class PaintResolver:
    """How roles become colours: plain ones for files, CSS variables for pages."""

    theme: Theme
    css: bool

    def role(self, role: str) -> str:
        return f"var(--{_css_name(role)})" if self.css else colour(role, self.theme)

    def cell(self, ramp: str, shade: float | None) -> str:
        """Return the paint of a heat map's field, by the same mixture as :func:`theme.cell_colour`."""
        if not self.css:
            return cell_colour(ramp, shade, self.theme)
        if shade is None:
            return self.role("paper")
        share = 6 + 86 * min(1.0, max(0.0, shade))
        return f"color-mix(in srgb,{self.role(ramp)} {num(share)}%,{self.role('paper')})"

    def words(self, label: Label, at: Placed | None = None) -> str:
        """Return the paint of words; those in a field or a bar depend on what ``at`` has under them."""
        if not self.css:
            return text_colour(label, at, self.theme)
        if label.kind == "cell" and at:
            mark = at.chart.marks[label.mark]
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


def text_element(label: Label) -> str:
    """Return words as real text, one ``tspan`` a line after the first.

    The space that ended a line has no width where lines are not set from their start, which it would move.
    """
    gap = " " if label.anchor == "start" else '<tspan font-size="0"> </tspan>'
    parts = [_isolated(line.rstrip(" ")) + gap * line.endswith(" ") for line in label.copied]
    down = num(label.size * label.leading)
    body = parts[0] + "".join(f'<tspan x="{num(label.x)}" dy="{down}">{part}</tspan>' for part in parts[1:])
    return element("text", body, x=label.x, y=label.y)


def _isolated(line: str) -> str:
    """Return a line escaped, words written from the right isolated, so that digits after them stay there."""
    escaped = escape(line)
    if escaped.isascii():
        return escaped
    return RIGHT_TO_LEFT.sub(r'<tspan unicode-bidi="isolate">\g<0></tspan>', escaped)


def keys(of: Iterable[ObservationKey]) -> str | None:
    """Return observation keys as a ``data-key``: ``entity|indicator|period|source``, space between."""
    return " ".join("|".join(k) for k in of) or None


def tooltip(text: str) -> str:
    return f"<title>{escape(text)}</title>" if text else ""
