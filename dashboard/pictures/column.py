"""Words set one under another: the texts of a frame and of a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.dataset import Lang
from dashboard.pictures.elements import PaintResolver, text_element
from dashboard.type import fonts
from dashboard.type.text import wrap


@dataclass(frozen=True)
class Words:
    """Lines of one kind; ``y`` is the first baseline."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    role: str = "muted"
    leading: float = 1.4
    serif: bool = False
    strong: bool = False
    anchor: str = "start"
    kind: str = ""

    def element(self, ink: PaintResolver, lang: Lang) -> str:
        """Return the words as SVG."""
        return text_element(
            self.lines, self.x, self.y, self.size, self.leading, font_size=f"{self.size:g}",
            fill=ink.role(self.role), font_weight="700" if self.strong else None,
            font_family=fonts.family(lang, serif=True) if self.serif else None,
            text_anchor=None if self.anchor == "start" else self.anchor, class_=self.kind or None,
        )  # fmt: skip


@dataclass
class Column:
    """A column ``width`` pixels wide; ``y`` is where the last words stand, at first the column's top."""

    lang: Lang
    x: float
    y: float
    width: float
    whole: Sequence[str] = ()
    """Names that no line breaks."""
    words: list[Words] = field(default_factory=list)

    def text(
        self, words: str, size: float, most: int, role: str = "muted", *, down: float, leading: float = 1.4,
        serif: bool = False, strong: bool = False, balanced: bool = False, indent: float = 0.0,
        after: float = 0.0, kind: str = "",
    ) -> None:  # fmt: skip
        """Set words in at most ``most`` lines, the first baseline ``down`` pixels below what stands above."""
        lines = wrap(
            words, self.width - indent, size, self.lang, strong=strong, serif=serif, max_lines=most,
            balanced=balanced, whole=self.whole,
        )  # fmt: skip
        if lines:
            self.y += down
            self.words.append(
                Words(
                    tuple(lines),
                    self.x + indent,
                    self.y,
                    size,
                    role,
                    leading,
                    serif,
                    strong or serif,
                    kind=kind,
                )
            )
            self.y += (len(lines) - 1) * size * leading + after
