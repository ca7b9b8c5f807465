"""An essay as records: ``essay.toml`` and one file per claim, whose keys ``docs/extending.md`` explains."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.chinese import traditional, worded
from dashboard.claims.params import Params
from dashboard.claims.schema import CHAPTER, CLAIM, ESSAY, Parser, RecordError, record_rules
from dashboard.dataset import CONVERTED, WRITTEN, Dataset, Lang

SIGNS = {"en": str.maketrans("“”", "‘’"), "zh-Hans": str.maketrans(",?!:;", "，？！：；")}
"""Signs of a translated quote: a quotation within it in single marks; what the essay sets narrow set wide."""


@dataclass(frozen=True)
class Worded:
    words: Mapping[str, Mapping[str, Any]]

    def text(self, key: str, lang: Lang, outcome: str = "") -> str:
        """Return the words of a key (``parts.gdp`` too), those of an outcome where they differ."""
        value: Any = self.words.get(lang)
        for step in key.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return str((value.get(outcome, value.get("else")) if isinstance(value, dict) else value) or "")

    def lines(self, key: str, lang: Lang) -> list[str]:
        return list(self.words.get(lang, {}).get(key, []))


@dataclass(frozen=True)
class Chapter(Worded):
    chapter: str
    line: int
    title: str

    def name(self, lang: Lang) -> str:
        return self.title if lang in CONVERTED else self.text("title", lang)


@dataclass(frozen=True)
class Claim(Worded):
    """One claim as its record says it; ``parts`` holds one rule, or several under their names."""

    claim_id: str
    parts: dict[str, Params]
    chapter: str = ""
    choices: dict[str, dict[str, Params]] = field(default_factory=dict)
    line: int = 0
    order: int = 1
    quote: str = ""
    testable: bool = True
    chart: str = ""
    threshold_since: str = ""
    names: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        compared = [e for p in self.parts.values() for e in (*p.of.entities, *p.to.entities)]
        return tuple(dict.fromkeys([*self.names, *compared]))

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator the rules read, those of the choices too."""
        every = [p for parts in (self.parts, *self.choices.values()) for p in parts.values()]
        return tuple(dict.fromkeys(i for p in every for i in p.measured))

    def quote_in(self, lang: Lang) -> str:
        """Return the quote in ``lang`` as it stands within marks; in the essay’s own script verbatim."""
        words = self.text("quote", lang) if lang in WRITTEN else ""
        return words.translate(SIGNS[lang]) if words else self.quote


@dataclass(frozen=True)
class Essay(Worded):
    """An essay and its claims in its order; ``faults`` are the mistakes that kept a record out."""

    author: str = ""
    outlet: str = ""
    date: str = ""
    answer_claims: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    claims: Mapping[str, Claim] = field(default_factory=dict)
    opening: Claim | None = None
    faults: tuple[str, ...] = ()


def essay(dataset: Dataset) -> Essay:
    made: Essay = dataset.once("essay", lambda: read(dataset.essay, dataset))
    return made


def read(directory: Path | None, dataset: Dataset) -> Essay:
    """Read an essay's folder; a faulty record is left out and its mistake told in ``faults``."""
    if directory is None or not (directory / "essay.toml").is_file():
        return Essay({})
    try:
        head = essay_head(directory / "essay.toml", dataset)
    except RecordError as error:
        return Essay({}, faults=tuple(str(error).splitlines()))
    chapters = tuple(Chapter(_words(c), c["id"], c["line"], c["title"]) for c in head.pop("chapters", ()))
    opening = directory / f"{head.pop('opening', '-')}.toml"
    faults: list[str] = []
    records = {}
    for file in sorted([*(directory / "claims").glob("*.toml"), *directory.glob(opening.name)]):
        try:
            records[file] = claim_of(file, dataset, chapters)
        except RecordError as error:
            faults += str(error).splitlines()
    first = records.pop(opening, None)
    claims = {c.claim_id: c for c in sorted(records.values(), key=lambda c: (c.line, c.order, c.claim_id))}
    words = _words(head)
    return Essay(words, **head, chapters=chapters, claims=claims, opening=first, faults=tuple(faults))


def toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        what = " ".join(str(error).split())
        raise RecordError(f"{path.parent.name}/{path.name}: TOML: {what}; correct the file") from None


def essay_head(path: Path, dataset: Dataset) -> dict[str, Any]:
    check = Parser(path, dataset)
    head: dict[str, Any] = check.read("", ESSAY, toml(path))
    check.done()
    for n, chapter in enumerate(head.get("chapters", ()), 1):
        check.read(f"chapters.{n}", CHAPTER, chapter)
    check.done()
    return head


def _words(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record's words by language, taken out of it; Traditional Chinese is converted."""
    words: dict[str, Any] = {lang: record.pop(lang) for lang in WRITTEN}
    words["zh-Hant"] = _each(words["zh-Hans"], traditional)
    return {**words, "zh-HK": _each(words["zh-Hant"], lambda text: worded(text, "zh-HK"))}


def _each(words: Any, convert: Callable[[str], str]) -> Any:
    if isinstance(words, dict):
        return {k: _each(v, convert) for k, v in words.items()}
    return [_each(v, convert) for v in words] if isinstance(words, (list, tuple)) else convert(words)


def claim_of(path: Path, dataset: Dataset, chapters: tuple[Chapter, ...]) -> Claim:
    raw, check = toml(path), Parser(path, dataset)
    if not path.stem.replace("_", "").isalnum() or not path.stem.isascii():
        check.fault("name", f"{path.stem!r} cannot be an address", "name the file with a–z, 0–9 and _")
    reason = () if raw.get("testable", True) else ("not_testable",)
    is_claim = path.parent.name == "claims"
    needed = ("line", "quote"), ("proposition", "says", "title", *reason)
    record = check.read("", record_rules(*needed if is_claim else ()), raw)
    check.done()  # what follows reads the words
    parts = check.parts(record)
    choices = check.choices(record, parts)
    check.done()
    line = record.get("line", 0)
    before = [c.chapter for c in chapters if c.line <= line] or [c.chapter for c in chapters[:1]] or [""]
    keys = {k: v for k, v in record.items() if k in CLAIM}
    return Claim(_words(record), path.stem, parts, before[-1], choices, **keys)
