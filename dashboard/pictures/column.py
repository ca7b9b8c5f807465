"""Words set one under another: the texts of a frame and of a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.dataset import Lang
from dashboard.figures.label_placer import Label
from dashboard.type.text import wrap


@dataclass
class Column:
    """A column ``width`` pixels wide; ``y`` is where the last words stand, at first the column's top."""

    lang: Lang
    x: float
    y: float
    width: float
    unbroken: Sequence[str] = ()
    """Names that no line breaks."""
    texts: list[Label] = field(default_factory=list)

    def add(
        self, text: str, size: float, max_lines: int, role: str = "muted", *, down: float,
        leading: float = 1.4, serif: bool = False, strong: bool = False, balanced: bool = False,
        indent: float = 0.0, after: float = 0.0, kind: str = "",
    ) -> None:  # fmt: skip
        """Set text in at most ``max_lines`` lines, the first baseline ``down`` pixels below what is above."""
        lines = wrap(
            text, self.width - indent, size, self.lang, strong=strong, serif=serif, max_lines=max_lines,
            balanced=balanced, unbroken=self.unbroken,
        )  # fmt: skip
        if lines:
            self.y += down
            self.texts.append(Label(
                kind, tuple(lines), self.x + indent, self.y, "start", size, role, self.lang,
                strong=strong or serif, serif=serif, leading=leading,
            ))  # fmt: skip
            self.y += (len(lines) - 1) * size * leading + after
