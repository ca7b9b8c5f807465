"""What a claim's rules find in a dataset: each part by itself, then combined into one finding."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.claims.dataset_view import DatasetView, Key, NotPublicError, period_end, unique
from dashboard.claims.finding import Finding, Number, Row, combined
from dashboard.claims.kinds import kinds
from dashboard.claims.params import Params
from dashboard.claims.record import Claim
from dashboard.dataset import Dataset

Parts = dict[str, Params]


def find(claim: Claim, dataset: Dataset, parts: Parts, *, as_of: str = "", until: str = "") -> Finding:
    findings = {name: apply(part, dataset, as_of=as_of, until=until) for name, part in parts.items()}
    numbers = record_numbers(parts)
    numbers |= {_key(name, key): number for name, f in findings.items() for key, number in f.numbers.items()}
    first = next((name for name, f in findings.items() if f.rows), next(iter(findings)))
    whole = findings[first]
    outcome = combined(f.outcome for f in findings.values()) if claim.testable else "not_testable"
    chart = claim.chart or whole.chart
    if "" not in findings:
        measures = {r.indicator for r in whole.rows}
        rows: dict[tuple[str, str, str], Row] = {}
        for f in findings.values():
            alike = f.chart == whole.chart and {r.indicator for r in f.rows} == measures
            for row in f.rows if alike or chart == "board" else ():
                key = (row.entity, row.indicator, row.figure.period if row.figure else "")
                rows[key] = replace(row, strong=row.strong or (key in rows and rows[key].strong))
        whole = replace(
            whole,
            rows=tuple(rows.values()),
            deciding=_key(first, whole.deciding),
            parts=findings,
            also=(*whole.also, *(q for f in findings.values() for q in (*f.figures, *f.also))),
            probes=tuple(p for f in findings.values() for p in f.probes),
            reported=unique(o for f in findings.values() for o in f.reported),
        )
    return replace(whole, outcome=outcome, numbers=numbers, chart=chart)


def apply(
    params: Params, dataset: Dataset, *, as_of: str = "", until: str = "", scaled: Mapping[Key, float] = {}
) -> Finding:
    """Return one rule's finding; without the figures it needs, one that says so."""
    decide = kinds()[params.kind].decide
    data = DatasetView(dataset, until or params.until, as_of, scaled)
    try:
        if params.back:
            newest = max((period_end(o.period) for o in decide(data, params).used), default="")
            data = replace(data, until=str(int(newest[:4]) - params.back), _series={})
        finding = decide(data, params)
    except NotPublicError:
        return Finding("no_public_data", {}, chart="card")
    series = dict.fromkeys((o.indicator_id, o.entity_id) for o in finding.used)
    newer = [max(since, key=lambda o: o.period) for s in series if (since := data.reported_since(*s))]
    return replace(finding, reported=tuple(newer))


def _key(part: str, name: str) -> str:
    return f"{part}_{name}" if part and name else name


def record_numbers(parts: Parts) -> dict[str, Number]:
    """Return what sentences may say even where nothing is public: who is compared, and the threshold."""
    numbers: dict[str, Number] = {}
    for name, params in parts.items():
        named = {
            "of": Number.entities(*params.of.entities),
            "to": Number.entities(*params.to.entities),
            "indicator": Number.indicators(*params.measured[:1]),
            "place": Number.entities(params.place),
            "years_asked": Number(params.years, kind="count"),
        }
        if params.holds is not None:
            value = params.holds.value
            named |= {
                "threshold": Number(value, "", "number"),
                "threshold_share": Number(round(100 * value, 9), "%", "exact"),
                "threshold_times": Number(value, "", "times"),
            }
        numbers |= {_key(name, key): number for key, number in named.items()}
    return numbers
