"""The PDF file around a drawn page: the layer of words, one order of objects, title, source and language.

Objects are numbered in the order in which the document refers to them, and resources sorted, so that the
same picture gives the same bytes whatever the order in svg2pdf's output.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from dashboard.pictures.pdftext import Layer

_REFERENCE = re.compile(rb"([0-9]+) 0 R\b")
_RESOURCES = re.compile(rb"(?:\n +/[a-z]+[0-9]+ [0-9]+ 0 R){2,}")
_TRAILER = re.compile(rb"/Root ([0-9]+) 0 R\s*/Info ([0-9]+) 0 R")
_CONTENTS = re.compile(rb"/Contents ([0-9]+) 0 R")
_START = re.compile(rb"startxref\s+([0-9]+)\s+%%EOF\s*$")


def finished(made: bytes, words: Layer, lang: str, about: dict[str, str]) -> bytes:
    """Return a PDF of svg2pdf with its words, its objects in order, and what it is about.

    ``about`` (ISO 32000-2, § 14.3.3) has PDF's own keys (``Title``, ``Author`` …). Raises ``ValueError``
    for a file of another make, whose parts cannot be told apart.
    """
    start, ends = _START.search(made), _TRAILER.search(made)
    if start is None or ends is None:
        raise ValueError("the PDF has no trailer that is known here")
    objects = _objects(made, int(start[1]))
    root, info = int(ends[1]), int(ends[2])
    _put(objects, words)
    order = _reached(objects, [root, info])
    number = {old: new for new, old in enumerate(order, 1)}
    catalog = b"/Lang (%s)\n  /ViewerPreferences <</DisplayDocTitle true>>\n>>" % lang.encode("ascii")
    objects[root] = re.sub(rb">>\s*$", lambda _: catalog, objects[root])
    entries = b"".join(b"/%s %s\n" % (k.encode("ascii"), _string(v)) for k, v in about.items() if v)
    objects[info] = b"<<\n%s/Producer (svg2pdf)\n>>" % entries
    out = made[: made.index(b"obj")].rpartition(b"\n\n")[0].split(b"\n\n")[0] + b"\n\n"
    offsets = []
    for old in order:
        head, mark, stream = objects[old].partition(b"\nstream\n")
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n\n" % (number[old], _renumbered(head, number) + mark + stream)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(order) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<<\n  /Size %d\n  /Root %d 0 R\n  /Info %d 0 R\n>>\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (size, table, size, number[root], number[info], len(out))


def _objects(made: bytes, start: int) -> dict[int, bytes]:
    """Return every object's body by number, from the table of offsets at ``start``."""
    entries = re.findall(rb"([0-9]{10}) [0-9]{5} ([nf])", made[start:])
    offsets = {n: int(offset) for n, (offset, kind) in enumerate(entries) if kind == b"n"}
    bounds = [*sorted(offsets.values()), start]
    out = {}
    for n, offset in offsets.items():
        raw = made[offset : bounds[bisect_right(bounds, offset)]]
        body = raw[raw.index(b"obj") + 3 : raw.rindex(b"endobj")].strip(b"\n")
        head, mark, stream = body.partition(b"\nstream\n")
        out[n] = _RESOURCES.sub(_sorted, head) + mark + stream
    return out


def _put(objects: dict[int, bytes], words: Layer) -> None:
    """Lay words over the page's drawing; ``ValueError`` when there is not exactly one page."""
    pages = [n for n, body in objects.items() if _CONTENTS.search(body.partition(b"\nstream\n")[0])]
    if len(pages) != 1 or b"/Resources <<" not in objects[pages[0]]:
        raise ValueError("the PDF has no page that is known here")
    if not words.faces:
        return
    own = max(objects) + 1
    objects[own] = b"<</Length %d>>\nstream\n%s\nendstream" % (len(words.content), words.content)
    named, bodies = words.objects(own + 1)
    objects.update(bodies)
    fonts = b"".join(b"      /%s %d 0 R\n" % (name.encode("ascii"), n) for name, n in named.items())
    page = objects[pages[0]].replace(b"/Resources <<", b"/Resources <<\n    /Font <<\n%s    >>" % fonts, 1)
    objects[pages[0]] = _CONTENTS.sub(lambda m: b"/Contents [%d 0 R %d 0 R]" % (int(m[1]), own), page)


def _sorted(found: re.Match[bytes]) -> bytes:
    return b"\n" + b"\n".join(sorted(found[0][1:].split(b"\n")))


def _reached(objects: dict[int, bytes], first: list[int]) -> list[int]:
    """Return the numbers of all objects in the order in which they are referred to."""
    order: dict[int, None] = {}
    left = first[::-1]
    while left:
        n = left.pop()
        if n in order:
            continue
        order[n] = None
        head = objects[n].partition(b"\nstream\n")[0]
        left += [int(r) for r in _REFERENCE.findall(head)][::-1]
    return list(order)


def _renumbered(head: bytes, number: dict[int, int]) -> bytes:
    return _REFERENCE.sub(lambda m: b"%d 0 R" % number[int(m[1])], head)


def _string(text: str) -> bytes:
    """Return a text string: UTF-16 with its mark, in hexadecimal (ISO 32000-2, § 7.9.2.2)."""
    return b"<%s>" % ("\ufeff" + text).encode("utf-16-be").hex().encode("ascii")
