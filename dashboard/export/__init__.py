"""Figures to files: ``export(dataset, figures, formats, langs, out) -> Report``.

Every file is ``FIGURE.LANG.THEME.EXT``, whole or absent; ``manifest.json`` beside them says what each
was made from, so that a second run makes only what is not current. A figure that fails is named in the
report and does not stop the others. Nothing is printed here: ``progress`` is called after each figure.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.export.files import (
    MANIFEST,
    ExportError,
    Manifest,
    UsageError,
    code_version,
    sha256,
    write,
)
from dashboard.export.formats import FORMATS
from dashboard.export.work import Done, Job, is_view, query_of, run_jobs
from dashboard.figures.theme import THEMES, Theme
from dashboard.pictures.credit import dataset_date
from dashboard.type import fonts

__all__ = ["FORMATS", "SIZES", "ExportError", "Failure", "Report", "UsageError", "export", "size_of"]

SIZES: dict[str, tuple[int, int | None]] = {
    "article": (640, None),
    "square": (1080, 1080),
    "slide": (1600, 900),
    "a4": (1123, 794),
}
"""Named sizes in CSS pixels; an article's height is what its texts need; A4 lies on its side."""
LEAST, MOST = 240, 8000
LARGEST = 80_000_000
"""Dots a PNG may have at most: 8,000 by 10,000."""
Progress = Callable[[int, int, str], None]
"""Called with figures done, figures in all, and the name of the one just done."""


@dataclass(frozen=True)
class Failure:
    file: str
    why: str


@dataclass
class Report:
    """What an export did: names of files within ``out``."""

    out: Path
    written: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a reader should know: parts of an explorer address that were dropped."""
    missing_glyphs: list[str] = field(default_factory=list)
    """Characters that the shipped fonts lack, one line a file and text; there stands a box in the picture."""

    @property
    def exit_code(self) -> int:
        """0 when every file is there and shows every character, else 3."""
        return 3 if self.failed or self.missing_glyphs else 0

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "out": str(self.out), "manifest": str(self.out / MANIFEST)}


def export(
    dataset: Dataset,
    figures: Sequence[str] | None,
    formats: Sequence[str],
    langs: Sequence[str],
    out: Path,
    *,
    themes: Sequence[str] = ("light",),
    size: str = "article",
    scale: float = 2.0,
    jobs: int = 1,
    urls: Sequence[str] = (),
    limit: float = 60.0,
    progress: Progress | None = None,
) -> Report:
    """Write figures to files under ``out``.

    ``figures`` are ids (``None``: all of the story), ``urls`` explorer addresses (``/explore?…``). ``size``
    is a name of :data:`SIZES` or ``WIDTHxHEIGHT`` in pixels, ``limit`` the seconds a figure may take.
    Raises :class:`UsageError` for what is unknown or out of bounds, :class:`ExportError` when nothing can be
    written, and :class:`dashboard.type.fonts.FontError` when a shipped font is missing.
    """
    wanted = _chosen(figures, urls, dataset)
    width, height = size_of(size)
    asked = _known("format", formats, FORMATS)
    if not 0.1 <= scale <= 20 or width * scale * (height or width) * scale > LARGEST:
        raise UsageError(f"--scale {scale:g} at {size} is too large or too small; 2 suits screens, 4 print")
    languages = [cast(Lang, lang) for lang in _known("lang", langs, LANGS)]
    fonts.check(languages)  # a missing font is reported once, before any work
    base = f"{dataset.version}:{code_version()}" if dataset.version else ""
    everything = [
        Job(figure, lang, cast(Theme, theme), tuple(asked), width, height, scale, limit, base)
        for figure in wanted for lang in languages for theme in _known("theme", themes, THEMES)
    ]  # fmt: skip
    manifest, report = (
        Manifest.read(out),
        Report(out, notes=[n for url in urls for n in _rejected(url, dataset)]),
    )
    jobs_left = [left for job in everything if (left := _not_current(job, manifest, report)).formats]
    try:
        for n, done in enumerate(run_jobs(jobs_left, dataset, jobs), 1):
            _keep(done, manifest, report)
            if progress is not None:
                progress(n, len(jobs_left), _stem(done.job))
    finally:  # however it ends, what was made is in the manifest
        manifest.save({"version": dataset.version, "date": dataset_date(dataset)})
    for names in (report.written, report.skipped, report.missing_glyphs):
        names.sort()
    report.failed.sort(key=lambda f: f.file)
    return report


def _not_current(job: Job, manifest: Manifest, report: Report) -> Job:
    """Return the job with the formats that have to be made; report the others as skipped."""
    current = [f for f in job.formats if manifest.current(name_of(job, f), _made_from(job))]
    for name in (name_of(job, f) for f in current):
        report.skipped.append(name)
        report.missing_glyphs += [f"{name}: {m}" for m in manifest.files[name].get("missing_glyphs", [])]
    return replace(job, formats=tuple(f for f in job.formats if f not in current))


def size_of(size: str) -> tuple[int, int | None]:
    """Return width and height in pixels of a named size or ``WIDTHxHEIGHT``; else :class:`UsageError`."""
    if size in SIZES:
        return SIZES[size]
    found = re.fullmatch(r"([0-9]{2,5})[x×]([0-9]{2,5})?", size.strip().lower())
    if not found:
        raise UsageError(f"--size {size!r} is not one of {', '.join(SIZES)} nor WIDTHxHEIGHT, e.g. 1600x900")
    width, height = int(found[1]), int(found[2]) if found[2] else None
    if not all(LEAST <= side <= MOST for side in (width, height or LEAST)):
        raise UsageError(f"--size {size}: each side is from {LEAST} to {MOST} pixels")
    return width, height


def name_of(job: Job, ext: str) -> str:
    return f"{_stem(job)}.{ext}"


def _stem(job: Job) -> str:
    view = is_view(job.figure) and f"explore-{sha256(query_of(job.figure).encode())[:8]}"
    return f"{view or job.figure}.{job.lang}.{job.theme}"


def _chosen(figures: Sequence[str] | None, urls: Sequence[str], dataset: Dataset) -> list[str]:
    from dashboard.figures import figure_ids

    ids = figure_ids(dataset)
    figures = ids if figures is None else figures
    chosen = _known("figure", figures, ids) if figures else []
    for url in urls:
        path = url.partition("?")[0]
        if not is_view(url) or not path.rstrip("/").endswith("/explore"):
            raise UsageError(f"--url {url!r} is not an explorer address; it looks like /explore?i=gdp&e=…")
    chosen += list(dict.fromkeys(urls))
    if not chosen:
        raise UsageError("no figure named; name some, or give --all (`pursuit figures` lists them)")
    return chosen


def _known(what: str, asked: Iterable[str], known: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(asked))
    for one in chosen:
        if one not in known:
            near = difflib.get_close_matches(one, known, n=3, cutoff=0.4) or list(known)[:7]
            raise UsageError(f"unknown {what} {one!r}; nearest: {', '.join(near)}")
    if not chosen:
        raise UsageError(f"no {what} named; known: {', '.join(known[:7])}")
    return chosen


def _rejected(url: str, dataset: Dataset) -> list[str]:
    from dashboard.explore.parse import parse

    return [f"{url}: dropped {d.name}={d.value}" for d in parse(query_of(url), dataset)[1]]


def _made_from(job: Job) -> str:
    """Return a hash of all that decides a job's files; empty when the dataset has no version."""
    parts = [job.base, job.figure, job.lang, job.theme, job.width, job.height, job.scale]
    return sha256(json.dumps(parts).encode())[:16] if job.base else ""


def _keep(done: Done, manifest: Manifest, report: Report) -> None:
    job, about = done.job, done.about
    for ext, body in done.made.items():
        name = name_of(job, ext)
        write(report.out / name, body)
        missing = done.missing_glyphs if ext in ("png", "pdf", "zip") else []
        report.missing_glyphs += [f"{name}: {m}" for m in missing]
        manifest.files[name] = {
            **({"missing_glyphs": missing} if missing else {}),
            "sha256": sha256(body),
            "bytes": len(body),
            "figure": job.figure,
            "lang": job.lang,
            "theme": job.theme,
            "format": ext,
            "title": about["title"],
            "licence": about["licence"],
            "sources": [{k: s[k] for k in ("source_id", "title", "url")} for s in about["sources"]],
            "dataset_version": about["dataset"]["version"],
            "made_from": _made_from(job),
        }
        report.written.append(name)
    report.failed += [Failure(name_of(job, ext), why) for ext, why in done.failed.items()]
