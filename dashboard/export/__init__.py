"""Figures to files: every one is ``FIGURE.LANG.THEME.EXT``, whole or absent.

``manifest.json`` beside them says what each was made from, so that a second run makes only what is not
current. A figure that fails is named in the report and does not stop the others.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

from dashboard.dataset import LANGS, Dataset, Lang, check_known
from dashboard.export.files import MANIFEST, ExportError, Manifest, code_version, sha256, write
from dashboard.export.formats import FORMATS
from dashboard.export.work import Done, Job, query_of, run_jobs
from dashboard.figures.theme import THEMES, Theme
from dashboard.type import fonts

__all__ = ["FORMATS", "SIZES", "ExportError", "Failure", "Report", "export", "size_of"]

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


@dataclass(frozen=True, order=True)
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
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> Report:
    """Write figures to files under ``out``.

    ``figures`` are ids (``None``: all of the story), ``urls`` explorer addresses (``/explore?…``). ``size``
    is a name of :data:`SIZES` or ``WIDTHxHEIGHT`` in pixels. ``progress`` gets figures done, figures in all,
    and the name of the last. Raises ``ValueError`` for what is unknown or out of bounds,
    :class:`ExportError` when nothing can be written, ``FontError`` when a shipped font is missing.
    """
    from dashboard.figures import figure_ids

    ids = figure_ids(dataset)
    chosen = check_known("figure", ids if figures is None else figures, ids)
    look = (*size_of(size, scale), scale)
    languages = [cast(Lang, lang) for lang in check_known("lang", langs, LANGS)]
    fonts.check(languages)  # a missing font is reported once, before any work
    made_by = f"{dataset.version}:{code_version()}" if dataset.version else ""
    everything = [
        Job(figure, lang, cast(Theme, theme), (*check_known("format", formats, FORMATS),), *look, made_by)
        for figure in (*chosen, *dict.fromkeys(urls))
        for lang in languages
        for theme in check_known("theme", themes, THEMES)
    ]
    if not everything:
        raise ValueError("nothing named to export; name figures (`pursuit figures` lists them) and languages")
    report = Report(out, notes=[line for url in dict.fromkeys(urls) for line in _dropped(url, dataset)])
    manifest = Manifest(out)
    left = [job for job in (_not_current(job, manifest, report) for job in everything) if job.formats]
    try:
        for n, done in enumerate(run_jobs(left, dataset, jobs), 1):
            _keep(done, manifest, report)
            progress(n, len(left), done.job.stem)
    finally:  # however it ends, what was made is in the manifest
        manifest.save({"version": dataset.version, "date": dataset.collected})
    for names in (report.written, report.skipped, report.missing_glyphs):
        names.sort()
    report.failed.sort()
    return report


def _not_current(job: Job, manifest: Manifest, report: Report) -> Job:
    """Return the job with the formats that have to be made; report the others as skipped."""
    current = [ext for ext in job.formats if manifest.current(job.name(ext), job.made_from)]
    for name in map(job.name, current):
        report.skipped.append(name)
        report.missing_glyphs += [f"{name}: {m}" for m in manifest.files[name].get("missing_glyphs", [])]
    return replace(job, formats=tuple(ext for ext in job.formats if ext not in current))


def size_of(size: str, scale: float = 1) -> tuple[int, int | None]:
    """Return width and height in pixels of a named size or ``WIDTHxHEIGHT``; ``scale``: dots to a pixel.

    Raises ``ValueError`` for another size, and for one that has too few or too many dots.
    """
    width, height = SIZES.get(size, (0, None))
    if not width:
        found = re.fullmatch(r"([0-9]{2,5})[x×]([0-9]{2,5})?", size.strip().lower())
        if not found:
            names = ", ".join(SIZES)
            raise ValueError(f"--size {size!r} is not one of {names} nor WIDTHxHEIGHT, e.g. 1600x900")
        width, height = int(found[1]), int(found[2]) if found[2] else None
    if not all(LEAST <= side <= MOST for side in (width, height or LEAST)):
        raise ValueError(f"--size {size}: each side is from {LEAST} to {MOST} pixels")
    if not 0.1 <= scale <= 20 or width * scale * (height or width) * scale > LARGEST:
        raise ValueError(f"--scale {scale:g} at {size} is too large or too small; 2 suits screens, 4 print")
    return width, height


def _dropped(url: str, dataset: Dataset) -> list[str]:
    """Return a line for each part of an explorer address that is not understood."""
    from dashboard.explore.parse import parse

    if not url.partition("?")[0].rstrip("/").endswith("/explore"):
        raise ValueError(f"--url {url!r} is not an explorer address; it looks like /explore?i=gdp&e=…")
    return [f"{url}: dropped {d.name}={d.value}" for d in parse(query_of(url), dataset)[1]]


def _keep(done: Done, manifest: Manifest, report: Report) -> None:
    """Write a job's files; say in manifest and report what became of them."""
    job, about = done.job, done.about
    for ext, body in done.made.items():
        name = job.name(ext)
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
            "made_from": job.made_from,
        }
        report.written.append(name)
    report.failed += [Failure(job.name(ext), why) for ext, why in done.failed.items()]
