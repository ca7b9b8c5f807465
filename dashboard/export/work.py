"""One piece of work (a figure in a language and a theme), alone or in worker processes."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from typing import Any

from dashboard.dataset import Dataset, Lang
from dashboard.export.files import sha256
from dashboard.export.formats import Figure, about, make, one_line
from dashboard.figures.record import Chart, Form
from dashboard.figures.theme import Theme

NARROW = 480
"""Below this width in pixels the record's narrow form is drawn."""
LIMIT = 60.0
"""Seconds that a figure may take."""


@dataclass(frozen=True)
class Job:
    figure: str
    lang: Lang
    theme: Theme
    formats: tuple[str, ...]
    width: int
    height: int | None
    scale: float
    made_by: str = ""
    """Version of the dataset and of the code; empty when the dataset has none."""

    @property
    def stem(self) -> str:
        view = is_view(self.figure) and f"explore-{sha256(query_of(self.figure).encode())[:8]}"
        return f"{view or self.figure}.{self.lang}.{self.theme}"

    def name(self, ext: str) -> str:
        return f"{self.stem}.{ext}"

    @property
    def made_from(self) -> str:
        """A hash of all that decides a job's files; empty when the dataset has no version."""
        parts = [self.made_by, self.figure, self.lang, self.theme, self.width, self.height, self.scale]
        return sha256(json.dumps(parts).encode())[:16] if self.made_by else ""


@dataclass
class Done:
    """What became of a job: the files' bytes by format, and why others are missing."""

    job: Job
    made: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    missing_glyphs: list[str] = field(default_factory=list)
    """Characters that the shipped fonts lack and that pictures show as boxes, one line each."""


def chart_of(reference: str, dataset: Dataset, lang: Lang, form: Form) -> Chart:
    """Return the record of a story figure by id, or of an explorer view by its address.

    Raises ``KeyError`` for an unknown id.
    """
    if not is_view(reference):
        from dashboard.figures import build

        return build(reference, dataset, lang, form)
    from dashboard.explore.parse import parse
    from dashboard.explore.record import view_chart

    state, _ = parse(query_of(reference), dataset)
    return view_chart(dataset, state, lang, form)


def is_view(reference: str) -> bool:
    return "?" in reference or reference.rstrip("/").endswith("/explore")


def query_of(reference: str) -> str:
    return reference.partition("?")[2].partition("#")[0]


def run(job: Job, dataset: Dataset) -> Done:
    """Make a job's files in memory; nothing is raised, whatever fails is named in the result."""
    done = Done(job)
    try:
        with time_limit(LIMIT):
            form: Form = "narrow" if job.width < NARROW else "wide"
            chart = chart_of(job.figure, dataset, job.lang, form)
            figure = Figure(chart, dataset, job.theme, job.width, job.height, job.scale)
            done.about = about(figure)
            done.made, done.failed = make(figure, job.formats)
            if {"png", "pdf", "zip"} & done.made.keys():
                done.missing_glyphs = figure.picture.missing_glyphs()
    except TimeoutError:
        done.made.clear()
        done.failed = dict.fromkeys(job.formats, f"took longer than {LIMIT:g} s; export it alone")
    except Exception as error:  # one figure's fault is reported, and the rest written
        done.failed = dict.fromkeys(job.formats, one_line(error))
    return done


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` in the block after some seconds; only the main thread has alarms."""

    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_jobs(jobs: list[Job], dataset: Dataset, workers: int) -> Iterator[Done]:
    """Yield every job's result as it comes; a worker that dies costs only the job it died of."""
    if workers <= 1 or len(jobs) <= 1:
        yield from (run(job, dataset) for job in jobs)
        return
    left = dict(enumerate(jobs))
    yield from _pooled(left, dataset, min(workers, len(jobs)))
    for n, job in sorted(left.items()):  # a pool broke: the rest one by one, to find the culprit
        alone = {n: job}
        yield from _pooled(alone, dataset, 1)
        if alone:
            why = "its process died (out of memory?); export it alone or at a smaller scale"
            yield Done(job, failed=dict.fromkeys(job.formats, why))


def _pooled(left: dict[int, Job], dataset: Dataset, workers: int) -> Iterator[Done]:
    """Run jobs in forked processes, which have the dataset already; what is done goes out of ``left``."""
    fork = get_context("fork")
    with ProcessPoolExecutor(workers, fork, initializer=_start, initargs=(dataset,)) as pool:
        try:
            futures: dict[Future[Done], int] = {pool.submit(_run, job): n for n, job in left.items()}
            for future in as_completed(futures):
                done = future.result()
                del left[futures[future]]
                yield done
        except BrokenProcessPool:
            return
        except BaseException:  # nobody waits any more: what is half done is not finished
            for process in list((pool._processes or {}).values()):
                process.kill()
            raise


_of_worker: dict[str, Dataset] = {}


def _start(dataset: Dataset) -> None:
    """Prepare a worker, which lives no longer than the process that started it."""
    _of_worker["dataset"] = dataset
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end_with_parent() -> None:
    """End this process when its parent has gone, however that died: else it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(job: Job) -> Done:
    return run(job, _of_worker["dataset"])
