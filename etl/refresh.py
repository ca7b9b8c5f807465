"""A refresh: collect from the sources, assemble, check, publish, report; and what it would ask for."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from etl import paths, status
from etl.assemble import Assembly, assemble
from etl.collect import Outcome, collect, converse
from etl.errors import DataError, SkipSource, SourceError, UsageError, ValidationError
from etl.options import Options, RunEnvironment
from etl.publish import FinalStep, changed_paths, publish, recover, writable_dataset
from etl.report import FAILED, FRESH, PARTIAL, SKIPPED, UNCHANGED, RunReport, as_records
from etl.schema import OBSERVATIONS, TABLES
from etl.snapshots import SnapshotStore
from etl.sources.base import Context, Request, Snapshot, Source
from etl.tables import MISSING
from etl.validate import Tables, descriptor, read, undescribed


def refresh(options: Options, run: RunEnvironment) -> RunReport:
    """Run a refresh and return its report; raise :class:`PursuitError` where it cannot begin."""
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
    if unknown := sorted(set(options.entities) - set(tables.small["entities"]["entity_id"])):
        what = f"no entity {unknown[0]!r} in entities.csv"
        raise UsageError(what, "see `entity_id` there, or `pursuit add`")
    contexts = {source.id: make_context(source, options, run, tables, data_dir) for source in sources}
    outcomes = collect(options, run, sources, contexts)
    report = RunReport(sources=[one for one, _ in outcomes], dry_run=options.dry_run, offline=options.offline)
    report.notes += [
        f"{problem.what}; its figures are taken as they are"
        for problem in undescribed(data_dir)
        if "observations/" in problem.what
    ]
    results = [result for _, result in outcomes if result]
    try:
        assembly = assemble(tables, results, options, data_dir, run.today)
    except ValidationError as error:
        report.problems = error.problems
    else:
        _publish(options, run, sources, assembly, tables.small["sources"], data_dir, report)
    try:
        if report.published:
            last = {"counts": report.counts, "changes": report.changes}
            run.states(data_dir).write("last_publish", last)
        if not options.offline and not options.dry_run:
            _save_states(run, outcomes, contexts, run.states(data_dir))
            run.store.prune()
    except OSError as error:  # the publish is complete
        line = f"PURSUIT_CACHE cannot be written ({error.strerror}): `status` and `diff` miss this run"
        report.notes.append(line)
    report.seconds = run.clock.monotonic() - began
    return report


def _publish(
    options: Options, run: RunEnvironment, sources: list[Source], assembly: Assembly,
    old_sources: pd.DataFrame, data_dir: Path, report: RunReport,
) -> None:  # fmt: skip
    for one in report.sources:
        if one.source in assembly.quarantined:
            one.state = FAILED
            one.error, *one.problems = assembly.quarantined[one.source]
        elif one.state == FRESH and one.source not in assembly.changed_at:
            one.state = UNCHANGED
    good = any(one.state in (FRESH, UNCHANGED, PARTIAL) for one in report.sources)
    errors = {one.source: one.error for one in report.sources if one.state in (FAILED, PARTIAL)}
    report.exit_code = 1 if not good else 3 if errors else 0
    report.notes += assembly.notes
    report.observations, report.documents = len(assembly.observations), len(assembly.sources)
    if not good:
        return
    documents = pd.concat([old_sources, assembly.sources])
    urls = dict(zip(documents["source_id"], documents["url"], strict=True))
    report.counts = {kind: len(frame) for kind, frame in assembly.diff.items()}
    report.changes = as_records(assembly.diff, urls)
    files = assembly.files(data_dir, sources, errors, run.clock.now(), offline=options.offline)
    report.version = json.loads(files["datapackage.json"])["version"]
    if options.dry_run:
        report.files = changed_paths(data_dir, files)
        return
    step = _with_description(run.final_step, files, data_dir, assembly, report) if run.final_step else None
    generated = frozenset(t.path for t in OBSERVATIONS.values())
    report.files = publish(data_dir, files, generated, step, _check_staged, report.notes.append)
    report.published = bool(report.files)


def _check_staged(directory: Path) -> None:
    if problems := undescribed(directory):
        what = f"the dataset to be published is not what was checked ({problems[0].what})"
        raise DataError(what, "run again; what is published is as it was")


def _with_description(
    final_step: FinalStep, files: Mapping[str, bytes], data_dir: Path, assembly: Assembly, report: RunReport
) -> FinalStep:
    """Return ``final_step`` with its tables described; where it fails, the figures are published without."""
    allowed = {table.path for table in TABLES.values() if table.role == "final"}

    def described(directory: Path) -> Mapping[str, bytes]:
        try:
            final_files = dict(final_step(directory))
            if unknown := sorted(set(final_files) - allowed):
                raise ValueError(f"{unknown[0]} is not a table of the last step")
        except Exception as error:
            # the figures are complete and checked; what follows from them can be made at the next run
            report.notes.append(f"not brought up to date: {', '.join(sorted(allowed))} ({error})"[:300])
            return {}
        if final_files:
            final_files["datapackage.json"] = descriptor({**files, **final_files}, data_dir, assembly.sources)
        return final_files

    return described


def published_tables(data_dir: Path) -> Tables:
    """Read what is published; tables that are not there yet count as empty (but for the catalogue)."""
    tables, problems = read(data_dir, published=True)
    needed = {"entities.csv", "indicators.csv"}
    if fatal := [problem for problem in problems if problem.what != MISSING or problem.file in needed]:
        raise ValidationError(fatal)
    return tables


def make_context(
    source: Source, options: Options, run: RunEnvironment, tables: Tables, data_dir: Path
) -> Context:
    """Return what a source may know; an offline run takes itself to be on the day of the last online one."""
    remembered = run.states(data_dir).get(source.id).today if options.offline else ""
    return Context(
        **{name: tables.small[name] for name in ("entities", "indicators", "keywords", "external_ids")},
        data_dir=data_dir,
        today=date.fromisoformat(remembered) if remembered else run.today,
        env=run.env,
        only_entities=frozenset(options.entities),
    )


def _save_states(
    run: RunEnvironment, outcomes: list[Outcome], contexts: Mapping[str, Context], states: status.States
) -> None:
    now = run.clock.now()
    for report, _ in outcomes:
        if report.state == SKIPPED:
            continue
        before = states.get(report.source)
        state = replace(before, last_attempt=now, error=report.error)
        if report.state != FAILED:
            state.last_success = now
        if report.state != FAILED or not before.today:
            state.today = contexts[report.source].today.isoformat()
        states.write(report.source, asdict(state))


@dataclass
class Planned:
    source: str
    hosts: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    at_most: int = 0
    minutes: float = 0.0
    skipped: str = ""


def plan(options: Options, run: RunEnvironment) -> list[Planned]:
    """Return what each source would ask for, by its stored answers; where one is missing, one is assumed."""
    data_dir = paths.existing_data_dir(run.env)
    tables = published_tables(data_dir)
    return [
        _planned(source, make_context(source, options, run, tables, data_dir), run.store)
        for source in run.find(options.sources)
    ]


def _planned(source: Source, context: Context, store: SnapshotStore) -> Planned:
    asked: list[tuple[Request, bool]] = []
    for presume in (True, False):
        requests: list[tuple[Request, bool]] = []
        try:
            converse(source, context, partial(_answer, source, store, presume, requests))
            asked = requests
            break
        except SkipSource as reason:
            return Planned(source.id, skipped=reason.line())
        except SourceError:  # it cannot go on without the content of an answer
            asked = max(asked, requests, key=len)
    hosts = Counter(urlsplit(request.url).hostname or "" for request, _ in asked)
    at_most = len(asked) + sum(request.leads_to for request, unknown in asked if unknown)
    minutes = round(len(asked) / source.rate_per_second / 60, 1)
    return Planned(source.id, dict(hosts), len(asked), at_most, minutes)


def _answer(
    source: Source, store: SnapshotStore, presume: bool, asked: list[tuple[Request, bool]], request: Request
) -> Snapshot | None:
    """Answer from the store, or with an assumed answer; note in ``asked`` what would be asked for."""
    stored, known = store.load(source.id, request), store.record(source.id, request)
    if request.ask == "never" or (request.ask == "once" and known):
        return stored
    asked.append((request, stored is None))
    assumed = presume and stored is None and not known
    return Snapshot(request, 200, "", b"", "", "") if assumed else stored


def plan_lines(planned: list[Planned]) -> list[str]:
    lines, hosts = [], Counter[str]()
    for one in planned:
        hosts.update(one.hosts)
        if one.skipped:
            lines.append(f"{one.source}: skipped: {one.skipped}")
        elif one.requests:
            where = ", ".join(sorted(one.hosts))
            lines.append(f"{one.source}: {_count(one.requests, one.at_most)}, {one.minutes:g} min, {where}")
        else:
            lines.append(f"{one.source}: nothing to ask")
    lines += [f"in all {count} to {host}" for host, count in hosts.most_common() if count > 1]
    longest = max((one.minutes for one in planned), default=0)
    counted = _count(hosts.total(), sum(one.at_most for one in planned))
    return [*lines, f"{counted}, about {longest:g} minutes: sources are asked side by side"]


def _count(requests: int, at_most: int) -> str:
    return f"{requests} requests" + f" (with what they lead to at most {at_most})" * (at_most > requests)
