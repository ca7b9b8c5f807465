"""Breaking text into lines by the rules of each script and by measured width.

Chinese may break between any two characters, but no line starts with a closing mark or ends with an
opening one; a number stays with what it counts; Latin words stay whole.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from itertools import accumulate, pairwise

from dashboard.dataset import Lang
from dashboard.type import fonts

_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
RIGHT_TO_LEFT = re.compile(rf"{_RIGHT_TO_LEFT}(?:\W*{_RIGHT_TO_LEFT})*")
"""A run of words of a script that is written from the right; digits after it are not part of it."""
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0010ffff]")
_NEVER_FIRST = set("、，。；：！？）》」』】〉”’％%…·,.;:!?)]}°")
_STOPS = set("，；：。！？、,;:.!?）)")
STOP = 2.5
_NEVER_LAST = set("（《「『【〈“‘([{$¥€£#")
_BEFORE_NUMBER = re.compile(
    r"(?:\b[nN]o\.|\b[A-Z]{3}|第|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)$"
)
_COUNTED = re.compile(r"[0-9] ?[万亿兆萬億]*[美港]?$")
_UNITS = set("万亿兆萬億元美港倍年月日人件家辆輛个個台位所篇")
_AFTER_NUMBER = re.compile(
    r"(?:million|billion|trillion|times|years?|others?|documents?|repositories|stars|km|li|bn|m"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\b"
)
"""Words that an English number does not part from; any other may begin a line."""
_LEAST_LAST = 0.25
"""A last line shorter than this share of the width is filled up from the line before it."""
ELLIPSIS = "…"
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
"""White space that may break; a no-break space is not among it."""
Measure = Callable[[str], float]
"""Gives the width of a text in ems."""


def isolated(text: str) -> str:
    """Return text with its words written from the right isolated, so that digits after them stay there."""
    return text if text.isascii() else RIGHT_TO_LEFT.sub("\u2068\\g<0>\u2069", text)


@lru_cache(maxsize=2048)
def pieces(text: str, unbroken: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the pieces between which a line may break; spaces stay at a piece's end.

    Names in ``unbroken`` are not broken.

    >>> pieces("2025 年为 1.57 万亿元。")
    ('2025 年', '为 ', '1.57 万亿元。')
    >>> pieces("小龙群核科技", ("群核科技",))
    ('小', '龙', '群核科技')
    """
    names = "|".join(re.escape(name) for name in sorted(unbroken, key=len, reverse=True))
    matches = re.finditer(names, text) if names else ()
    inside = {n for match in matches for n in range(match.start() + 1, match.end())}
    out: list[str] = []
    for n, c in enumerate(text):
        if out and (n in inside or not _breaks(out[-1], c, text[n : n + 12])):
            out[-1] += c
        else:
            out.append(c)
    return tuple(out)


def _breaks(before: str, c: str, rest: str) -> bool:
    """Return whether a line may break between the piece ``before`` and ``c``, with which ``rest`` begins."""
    last = before[-1]
    if c in _UNITS and _COUNTED.search(before):
        return False
    if c == " " or c in _NEVER_FIRST or before.rstrip(" ")[-1:] in _NEVER_LAST:
        return False
    if last == " ":
        body = before.rstrip(" ")
        if body and body[-1].isdigit() and (_WIDE.match(c) or _AFTER_NUMBER.match(rest)):
            return False
        return not (c.isdigit() and _BEFORE_NUMBER.search(body))
    if last == "\u00a0" or c == "\u00a0":
        return False
    if last in "-–/" and c.isalpha() and len(before) > 1:
        return True
    return bool(_WIDE.search(last + c))


def wrap(
    text: str,
    width: float,
    size: float,
    lang: Lang,
    *,
    strong: bool = False,
    serif: bool = False,
    max_lines: int | None = None,
    balanced: bool = False,
    unbroken: Sequence[str] = (),
) -> list[str]:
    """Return ``text`` in lines no wider than ``width`` pixels.

    Beyond ``max_lines`` the last line ends in an ellipsis. ``balanced`` makes lines about equally long
    without adding one; else no last line is left with a word alone. Names in ``unbroken`` stay on one line. A
    single piece wider than ``width`` is cut with an ellipsis.
    """
    limit = width / size
    measure = partial(fonts.ems, lang=lang, strong=strong, serif=serif)
    text = _set_tight(_SPACE.sub(" ", text).strip(" "), lang)
    parts = pieces(fonts.without_missing_accents(text, lang), tuple(unbroken))
    rows: list[list[str]] = []
    for part in parts:
        if rows and measure(_line([*rows[-1], part])) <= limit:
            rows[-1].append(part)
        else:
            rows.append([part])
    if max_lines is not None and len(rows) > max_lines:
        rows = [*rows[: max_lines - 1], [part for row in rows[max_lines - 1 :] for part in row]]
    elif balanced and len(rows) > 1:
        rows = _balanced(parts, len(rows), limit, measure) or rows
    elif len(rows) > 1:
        _fill_last(rows, limit, measure)
    return [shorten(_line(row), width, size, lang, strong=strong, serif=serif) for row in rows]


def _fill_last(rows: list[list[str]], limit: float, measure: Measure) -> None:
    """Let a last row of a word alone take over what ends the row before it."""
    while len(rows[-2]) > 1 and measure(_line(rows[-1])) < _LEAST_LAST * limit:
        longer = [rows[-2][-1], *rows[-1]]
        if measure(_line(longer)) > limit:
            break
        rows[-2:] = [rows[-2][:-1], longer]


def _line(row: Sequence[str]) -> str:
    return "".join(row).rstrip()


def _balanced(parts: Sequence[str], count: int, limit: float, measure: Measure) -> list[list[str]]:
    """Return ``parts`` in ``count`` rows of about one length, broken after punctuation where that does.

    The sum of squared room left, in ems, is least; a good break is worth ``STOP`` of it, a bad one costs as
    much. Empty when there is no such way.
    """
    worth = [STOP * _stop("".join(parts[:n]), "".join(parts[n:])) for n in range(len(parts) + 1)]
    sums = [0.0, *accumulate(map(measure, parts))]
    ideal = sums[-1] / count

    @cache
    def best(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        """Return the least cost of the parts from ``start`` on in so many lines, and where these end."""
        if start == len(parts) or lines == 0:
            return (0.0 if start == len(parts) and lines == 0 else math.inf), ()
        options: list[tuple[float, tuple[int, ...]]] = [(math.inf, ())]
        for end in range(start + 1, len(parts) + 1):
            wide = sums[end - 1] - sums[start] + measure(parts[end - 1].rstrip())
            if wide > limit and end > start + 1:
                break
            after, ends = best(end, lines - 1)
            options.append(((wide - ideal) ** 2 - worth[end] * ideal + after, (end, *ends)))
        return min(options)

    cost, ends = best(0, count)
    return [] if cost == math.inf else [list(parts[a:b]) for a, b in pairwise((0, *ends))]


def _stop(before: str, after: str) -> int:
    """Return what a break between two texts is worth: 1 at a stop, less where it hurts."""
    if not before or not after:
        return 0
    if sum(map(before.count, "（(")) > sum(map(before.count, "）)")):
        return -1
    if after[0] in "（(":
        return 1 if re.match(r".[^）)]{8}", after) else -2
    return int(before.rstrip()[-1:] in _STOPS)


def _set_tight(text: str, lang: Lang) -> str:
    """Return Chinese text without the holes that full-width signs make beside spaces and in Latin words."""
    if lang == "en":
        return text
    text = re.sub(r"(?<=[A-Za-z])’(?=[A-Za-z])", "'", text)
    return re.sub(r"(?<=[，。；：、！？）》」』】]) | (?=[（《「『【])", "", text)


def shorten(
    text: str, width: float, size: float, lang: Lang, *, strong: bool = False, serif: bool = False
) -> str:
    """Return ``text``, cut with an ellipsis when it is wider than ``width`` pixels; ``""`` if none fits."""
    limit = width / size
    if fonts.ems(text, lang, strong, serif) <= limit:
        return text
    for end in range(len(text) - 1, 0, -1):
        cut = text[:end].rstrip(" ，,、；;") + ELLIPSIS
        if fonts.ems(cut, lang, strong, serif) <= limit:
            return cut
    return ELLIPSIS if fonts.ems(ELLIPSIS, lang, strong, serif) <= limit else ""
