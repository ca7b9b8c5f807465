"""A refresh: collect from the sources, assemble, check, publish, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from etl import paths, status
from etl.assemble import Assembly, assemble
from etl.collect import Outcome, collect
from etl.csvfiles import MISSING
from etl.dataset_lock import recover, writable_dataset
from etl.descriptor import descriptor, undescribed
from etl.diff import as_records
from etl.errors import DataError, UsageError, ValidationError
from etl.options import Options, RunEnvironment
from etl.publish import FinalStep, changed_paths, publish
from etl.report import FAILED, FRESH, PARTIAL, SKIPPED, UNCHANGED, RunReport
from etl.schema import OBSERVATIONS, TABLES
from etl.snapshots import SnapshotStore
from etl.sources.base import Context, Source
from etl.validate import Tables, read


def refresh(options: Options, run: RunEnvironment | None = None) -> RunReport:
    """Run a refresh and return its report.

    Raises :class:`~etl.errors.UsageError` for wrong arguments, :class:`~etl.errors.BusyError` when another
    refresh is at work, :class:`~etl.errors.DataError` when the published dataset cannot be read.
    """
    run = run or RunEnvironment()
    if options.jobs < 1:
        raise UsageError("--jobs must be at least 1", "leave it out for 8")
    sources = run.find(options.sources)
    if options.dry_run:
        recover(paths.data_dir(run.env))
        return _run(options, run, sources, paths.existing_data_dir(run.env))
    with writable_dataset(run.env) as data_dir:
        return _run(options, run, sources, data_dir)


def _run(options: Options, run: RunEnvironment, sources: list[Source], data_dir: Path) -> RunReport:
    began = run.clock.monotonic()
    tables = published_tables(data_dir)
    unknown = sorted(set(options.entities) - set(tables.small["entities"]["entity_id"]))
    if unknown:
        raise UsageError(
            f"no entity {unknown[0]!r} in entities.csv", "see `entity_id` there, or `pursuit add`"
        )
    cache = paths.cache_dir(run.env)
    states, store = status.States(cache, data_dir), SnapshotStore(cache / "snapshots")
    contexts = {s.id: make_context(s, options, run, tables, data_dir, states) for s in sources}
    outcomes = collect(options, run, sources, contexts, store)
    report = RunReport(sources=[o.report for o in outcomes], dry_run=options.dry_run, offline=options.offline)
    for problem in undescribed(data_dir):
        if "observations/" in problem.what:
            report.notes.append(f"{problem.what}; its figures are taken as they are")
    try:
        assembly = assemble(tables, [o.result for o in outcomes if o.result], options, data_dir, _today(run))
    except ValidationError as error:
        report.problems = error.problems
    else:
        _publish(options, run, sources, assembly, tables, data_dir, report)
    if report.published:
        last = {"counts": report.counts, "changes": report.changes}
        _write_cache(report, lambda: states.write("last_publish", last))
    if not options.offline and not options.dry_run:
        _write_cache(report, lambda: _save_states(run, outcomes, contexts, states))
        _write_cache(report, store.prune)
    report.seconds = run.clock.monotonic() - began
    return report


def _publish(
    options: Options, run: RunEnvironment, sources: list[Source], assembly: Assembly, tables: Tables,
    data_dir: Path, report: RunReport,
) -> None:  # fmt: skip
    for one in report.sources:
        if one.source in assembly.quarantined:
            one.state = FAILED
            one.error, one.problems = assembly.quarantined[one.source]
        elif one.state == FRESH and one.source not in assembly.changed_at:
            one.state = UNCHANGED
    good = any(one.state in (FRESH, UNCHANGED, PARTIAL) for one in report.sources)
    errors = {one.source: one.error for one in report.sources if one.state in (FAILED, PARTIAL)}
    report.exit_code = 1 if not good else 3 if errors else 0
    report.notes += assembly.notes
    report.observations, report.documents = len(assembly.observations), len(assembly.sources)
    if not good:
        return
    documents = (tables.small["sources"], assembly.sources)
    urls = {name: url for one in documents for name, url in zip(one["source_id"], one["url"], strict=True)}
    report.counts, report.changes = assembly.diff.counts(), as_records(assembly.diff, urls)
    files = assembly.files(data_dir, sources, errors, run.clock.now(), offline=options.offline)
    report.version = assembly.version
    if options.dry_run:
        report.files = changed_paths(data_dir, files)
        return
    step = _with_description(run.final_step, files, data_dir, assembly, report) if run.final_step else None
    generated = frozenset(t.path for t in OBSERVATIONS.values())
    report.files = publish(data_dir, files, generated, step, _check_staged, report.notes.append)
    report.published = bool(report.files)


def _check_staged(directory: Path) -> None:
    """Raise where a staged dataset is not, to the byte, what was checked in memory and described."""
    if problems := undescribed(directory):
        what = f"the dataset to be published is not what was checked ({problems[0].what})"
        raise DataError(what, "run again; what is published is as it was")


def _write_cache(report: RunReport, write: Callable[[], object]) -> None:
    """Write to this machine's cache; where that fails it is a note, as the publish is complete."""
    try:
        write()
    except OSError as error:
        line = f"PURSUIT_CACHE cannot be written ({error.strerror}): `status` and `diff` miss this run"
        report.notes += [] if line in report.notes else [line]


def _with_description(
    final_step: FinalStep, files: Mapping[str, bytes], data_dir: Path, assembly: Assembly, report: RunReport
) -> FinalStep:
    """Return ``final_step`` with its tables described; where it fails, the figures are published without."""

    def described(directory: Path) -> Mapping[str, bytes]:
        allowed = {table.path for table in TABLES.values() if table.final}
        try:
            late = dict(final_step(directory))
            if strange := sorted(set(late) - allowed):
                raise ValueError(f"{strange[0]} is not a table of the last step")
        except Exception as error:
            # the figures are complete and checked; what follows from them can be made at the next run
            report.notes.append(f"not brought up to date: {', '.join(sorted(allowed))} ({error})"[:300])
            return {}
        if late:
            late["datapackage.json"] = descriptor({**files, **late}, data_dir, assembly.sources)
        return late

    return described


def published_tables(data_dir: Path) -> Tables:
    """Read what is published; tables that are not there yet count as empty (but for the catalogue)."""
    tables, problems = read(data_dir, published=True)
    needed = {"entities.csv", "indicators.csv"}
    fatal = [str(p) for p in problems if p.what != MISSING or p.file in needed]
    if fatal:
        raise ValidationError(fatal)
    return tables


def _today(run: RunEnvironment) -> date:
    return date.fromisoformat(run.clock.now()[:10])


def make_context(
    source: Source, options: Options, run: RunEnvironment, tables: Tables, data_dir: Path,
    states: status.States,
) -> Context:  # fmt: skip
    remembered = states.get(source.id).today if options.offline else ""
    return Context(
        entities=tables.small["entities"],
        indicators=tables.small["indicators"],
        keywords=tables.small["keywords"],
        data_dir=data_dir,
        today=date.fromisoformat(remembered) if remembered else _today(run),
        env=run.env,
        only_entities=frozenset(options.entities),
        external_ids=tables.small["external_ids"],
    )


def _save_states(
    run: RunEnvironment, outcomes: list[Outcome], contexts: Mapping[str, Context], states: status.States
) -> None:
    now = run.clock.now()
    for one in (outcome.report for outcome in outcomes if outcome.report.state != SKIPPED):
        before, failed = states.get(one.source), one.state == FAILED
        states.put(one.source, status.State(
            last_attempt=now,
            last_success=before.last_success if failed else now,
            error=one.error,
            today=before.today if failed and before.today else contexts[one.source].today.isoformat(),
        ))  # fmt: skip
