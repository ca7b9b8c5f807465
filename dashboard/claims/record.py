"""An essay as records: ``essay.toml`` and one file per claim; every mistake is reported with its fix.

``essay.toml``: ``author``, ``outlet``, ``date`` (YYYY-MM-DD: «as of the essay» counts documents dated by
then), ``opening`` (the record of the opening chart), ``[[chapters]]`` (``id``, first ``line``, ``title``,
``[en]`` and ``[zh-Hans]`` with ``title`` and ``intro``), ``answer_claims`` (ids of those that answer the
headline), and for each language ``title``, ``about``, ``shared``, ``summary``, ``answer``.

``claims/<id>.toml``:

=================  =====================================================================================
``line, order``    the quote's line in the essay, and its place among the claims of one line
``quote``          verbatim, in the essay's own script
``kind``           a module of :mod:`dashboard.claims.kinds` or ``special``; its docstring names its numbers
``testable``       ``false``: an idiom, a forecast, a self-image; the chart stays as context
``chart``          another chart type than the kind's own
``threshold_since``  the day on which the threshold was set
``names``          entities the quote names beside those compared (for the filters and the profiles)
``[choices.ID]``   what may reasonably be chosen otherwise: the parameters that differ
``[parts.ID]``     a quote tested part by part: each part is a rule that inherits the keys above
``[en] [zh-Hans]``   the words; Traditional Chinese is converted from Simplified
=================  =====================================================================================

Parameters: ``indicator(s)``; ``minus`` (taken off), ``per`` (divided by; ``base``: its figure of that
period); ``fallback`` (what counts for whoever publishes nothing); ``of`` and ``to``: an id, a list of ids,
or a table ``{group, ids, without, take}`` with ``take`` one of min, max, sum; ``holds`` and ``share``:
conditions such as ``">= 10"``; ``since``, ``until``, ``date``: periods; ``years``: a window; ``back``:
leave out so many of the newest years; ``least``; ``place``; ``against`` (the measure that growth is held
against); ``total``, ``editions``, ``independent``: true or false.

Words: ``quote`` (a translation), ``proposition``, ``says`` and ``title`` (a text, or one for each outcome),
``field`` (why these are compared), ``threshold`` (why it is set there), ``not_testable`` (why not),
``subtitle``, ``deciding`` (the name of the deciding number), ``caveats`` (a list), ``choices`` and ``parts``
(names). ``{braces}`` take the numbers of the finding, and ``of``, ``to``, ``threshold`` of the record.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.chinese import traditional, worded
from dashboard.claims import schema
from dashboard.claims.params import Part
from dashboard.claims.schema import Parser, RecordError, Rule
from dashboard.dataset import CONVERTED, LANGS, WRITTEN, Dataset, Lang

Words = dict[str, Any]
ESSAY: dict[str, Rule] = {
    **dict.fromkeys(("author", "outlet", "opening"), schema.text),
    "date": schema.day,
    "answer_claims": schema.list_of(schema.text),
}
ESSAY_WORDS: dict[str, Rule] = {
    **dict.fromkeys(("title", "about", "shared", "answer"), schema.text),
    "summary": schema.list_of(schema.text),
}
CHAPTER: dict[str, Rule] = {**dict.fromkeys(("id", "title"), schema.text), "line": schema.CLAIM["line"]}
CHAPTER_WORDS: dict[str, Rule] = dict.fromkeys(("title", "intro"), schema.text)
SIGNS = {"en": str.maketrans("“”", "‘’"), "zh-Hans": str.maketrans(",?!:;", "，？！：；")}
"""Signs of a translated quote: a quotation within it in single marks; what the essay sets narrow set wide."""


@dataclass(frozen=True, slots=True)
class Chapter:
    chapter: str
    line: int
    title: str
    words: dict[str, Words]

    def name(self, lang: Lang) -> str:
        return self.title if lang in CONVERTED else str(self.words[lang]["title"])

    def intro(self, lang: Lang) -> str:
        """Return the sentences that open the chapter; empty where the record has none."""
        return str(self.words[lang].get("intro", ""))


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as its record says it; ``parts`` holds one rule, or several under their names."""

    claim_id: str
    chapter: str
    parts: dict[str, Part]
    choices: dict[str, dict[str, Part]]
    words: dict[str, Words]
    raw: dict[str, Any] = field(default_factory=dict)
    """The record as written, for whoever wants another choice (see :func:`parts_of`)."""
    line: int = 0
    order: int = 1
    quote: str = ""
    testable: bool = True
    chart: str = ""
    threshold_since: str = ""
    names: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        compared = [e for p in self.parts.values() for f in (p.params.of, p.params.to) for e in f.entities]
        return tuple(dict.fromkeys([*self.names, *compared]))

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator the rules read, those of the choices too."""
        every = [*self.parts.values(), *(p for c in self.choices.values() for p in c.values())]
        return tuple(dict.fromkeys(i for p in every for i in p.params.measured))

    def text(self, key: str, lang: Lang, outcome: str = "") -> str:
        found: Any = self.words[lang]
        for step in key.split("."):
            found = found.get(step, "") if isinstance(found, dict) else ""
        if isinstance(found, dict):
            found = found.get(outcome, found.get("else", ""))
        return str(found)

    def caveats(self, lang: Lang) -> list[str]:
        return list(self.words[lang].get("caveats", []))

    def quote_in(self, lang: Lang) -> str:
        """Return the quote in ``lang`` as it stands within marks; in the essay’s own script verbatim."""
        words = self.text("quote", lang) if lang in WRITTEN else ""
        return words.translate(SIGNS[lang]) if words else self.quote


@dataclass(frozen=True)
class Essay:
    """An essay and its claims in its order; ``faults`` are the mistakes that kept a record out."""

    directory: Path
    head: dict[str, Any]
    chapters: tuple[Chapter, ...]
    claims: dict[str, Claim]
    opening: Claim | None
    faults: tuple[str, ...] = ()

    @property
    def date(self) -> str:
        return str(self.head.get("date", ""))

    @property
    def author(self) -> str:
        return str(self.head.get("author", ""))

    def text(self, key: str, lang: Lang) -> str:
        return str(self.head.get(lang, {}).get(key, ""))

    def lines(self, key: str, lang: Lang) -> list[str]:
        return [str(line) for line in self.head.get(lang, {}).get(key, [])]


def essay(dataset: Dataset) -> Essay:
    found: Essay = dataset.once("essay", lambda: read(dataset.essay, dataset))
    return found


def read(directory: Path | None, dataset: Dataset) -> Essay:
    """Read an essay's folder; a faulty record is left out and its mistake told in ``faults``."""
    if directory is None or not (directory / "essay.toml").is_file():
        return Essay(directory or Path(), {}, (), {}, None)
    try:
        head, chapters = essay_head(directory / "essay.toml", dataset)
    except RecordError as error:
        return Essay(directory, {}, (), {}, None, tuple(str(error).splitlines()))
    faults: list[str] = []
    found = {}
    opening = directory / f"{head.get('opening', '-')}.toml"
    for file in sorted([*(directory / "claims").glob("*.toml"), *directory.glob(opening.name)]):
        try:
            found[file] = claim_of(file, dataset, chapters)
        except RecordError as error:
            faults += str(error).splitlines()
    first = found.pop(opening, None)
    claims = sorted(found.values(), key=lambda c: (c.line, c.order, c.claim_id))
    return Essay(directory, head, chapters, {c.claim_id: c for c in claims}, first, tuple(faults))


def toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        what = " ".join(str(error).split())
        raise RecordError(f"{path.parent.name}/{path.name}: TOML: {what}; correct the file") from None


def essay_head(path: Path, dataset: Dataset) -> tuple[dict[str, Any], tuple[Chapter, ...]]:
    raw, check = toml(path), Parser(path, dataset)
    check.table("", raw, ESSAY, needed=WRITTEN, more=("chapters", *WRITTEN))
    for lang, words in check.tables("", {k: raw[k] for k in WRITTEN if k in raw}).items():
        check.table(lang, words, ESSAY_WORDS, ())
    chapters = raw.get("chapters", [])
    numbered = chapters if isinstance(chapters, list) else [chapters]
    for at, chapter in check.tables("chapters", {str(n): c for n, c in enumerate(numbered, 1)}).items():
        check.table(f"chapters.{at}", chapter, CHAPTER, needed=(*CHAPTER, *WRITTEN), more=WRITTEN)
        for lang, words in check.tables(f"chapters.{at}", {k: chapter.get(k, {}) for k in WRITTEN}).items():
            check.table(f"chapters.{at}.{lang}", words, CHAPTER_WORDS, needed=("title",))
    check.done()
    for record in (raw, *chapters):
        _convert(record)
    return raw, tuple(Chapter(c["id"], c["line"], c["title"], {k: c[k] for k in LANGS}) for c in chapters)


def _convert(record: dict[str, Any]) -> None:
    """Put the words in Traditional Chinese into a record."""
    record["zh-Hant"] = _each(record["zh-Hans"], traditional)
    record["zh-HK"] = _each(record["zh-Hant"], lambda words: worded(words, "zh-HK"))


def _each(words: Any, convert: Callable[[str], str]) -> Any:
    if isinstance(words, dict):
        return {k: _each(v, convert) for k, v in words.items()}
    if isinstance(words, list):
        return [_each(v, convert) for v in words]
    return convert(words)


def claim_of(path: Path, dataset: Dataset, chapters: tuple[Chapter, ...]) -> Claim:
    """Read and check one record; raises :class:`RecordError` with everything that is wrong."""
    raw, check = toml(path), Parser(path, dataset)
    is_claim = path.parent.name == "claims"
    if not path.stem.replace("_", "").isalnum() or not path.stem.isascii():
        check.fault("name", f"{path.stem!r} cannot be an address", "name the file with a–z, 0–9 and _")
    tables = ("kind", "choices", "parts", *WRITTEN)
    needed = ("line", "quote", *WRITTEN) if is_claim else WRITTEN
    values = check.table("", raw, schema.CLAIM, needed=needed, more=(*schema.PARAMETERS, *tables))
    reason = [] if raw.get("testable", True) else ["not_testable"]
    needed = ("proposition", "says", "title", *reason) if is_claim else ()
    for lang, words in check.tables("", {k: raw[k] for k in WRITTEN if k in raw}).items():
        check.table(lang, words, schema.WORDS, needed=needed)
    check.done()  # what follows reads the words
    parts = check.parts(raw)
    choices = check.choices(raw, parts)
    check.done()
    _convert(raw)
    line = values.get("line", 0)
    before = [c.chapter for c in chapters if c.line <= line] or [c.chapter for c in chapters[:1]] or [""]
    words = {lang: raw[lang] for lang in LANGS}
    return Claim(path.stem, before[-1], parts, choices, words, raw, **values)


def parts_of(claim: Claim, dataset: Dataset, other: Mapping[str, Any]) -> dict[str, Part]:
    check = Parser(Path("claims") / f"{claim.claim_id}.toml", dataset)
    parts = check.choice(claim.raw, dict(other))
    check.done()
    return parts
