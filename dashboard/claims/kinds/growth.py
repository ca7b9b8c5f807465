"""How figures move: growth, a gap that narrows, one who catches up."""

from collections.abc import Mapping, Sequence
from itertools import dropwhile, product
from string import ascii_lowercase

from dashboard.claims.dataset_view import RECENT, DatasetView, NotPublicError, Quantity, total
from dashboard.claims.finding import Finding, Number, Probe, Row, Trace, outcome_of
from dashboard.claims.kinds import kind
from dashboard.claims.params import Params, ratios, series_of, years_before


@kind("indicator of holds", uses="minus per since years against to", single="to")
def grew(data: DatasetView, params: Params) -> Finding:
    """Each entity's growth over one window, against a threshold or against another measure's growth.

    ``against`` is that measure, of the entity itself or of ``to``. The window ends with the newest period and
    begins ``years`` before, or with the first figure since ``since``. Numbers: least, least_times,
    least_change, least_since, least_until, the same for ``most``, grew and all (how many meet the condition,
    of how many), reference_change (the other measure's), lead (the least factor ÷ the other's).
    """
    windows = {e: window(data, params, e) for e in params.of.entities}
    series = {e: figures for e, (figures, _) in windows.items()}
    newest = max(int(figures[-1].period[:4]) for figures in series.values())
    if any(int(figures[-1].period[:4]) < newest - RECENT for figures in series.values()):
        # a window that ends years before the others' is another window
        raise NotPublicError
    factors = {e: factor_of(figures) for e, figures in series.items()}
    lead = {e: f / factor_of(windows[e][1]) if params.against else f for e, f in factors.items()}
    least, most = min(lead, key=lambda e: lead[e].value), max(lead, key=lambda e: lead[e].value)
    tests = {e: params.condition.holds(f.value) for e, f in lead.items()}
    numbers: dict[str, Number] = {
        "grew": Number.count([lead[e] for e, held in tests.items() if held], lead.values()),
        "all": Number(len(lead), kind="count"),
    }
    for key, e in (("least", least), ("most", most)):
        numbers |= {
            key: Number.entities(e),
            f"{key}_times": Number.of(factors[e], "times"),
            f"{key}_change": Number.of(factors[e], "growth"),
            f"{key}_since": Number.of(series[e][0], "period"),
            f"{key}_until": Number.of(series[e][-1], "period"),
        }
    traces = [Trace(e, params.indicator, tuple(figures), strong=True) for e, figures in series.items()]
    if params.against:
        other = windows[least][1]
        numbers |= {
            "reference_change": Number.of(factor_of(other), "growth"),
            "lead": Number.of(lead[least], "times"),
        }
        traces += [Trace(e, params.against, tuple(figures)) for e, (_, figures) in windows.items()]
    least_factor = params.condition.value
    return Finding(
        outcome_of(*tests.values()),
        numbers,
        deciding="lead" if params.against else "least_times",
        rows=tuple(Row(e, params.indicator, q[-1], q[0], strong=e == least) for e, q in series.items()),
        traces=tuple(traces),
        probes=tuple(Probe((series[e][-1],), least_factor / f.value) for e, f in lead.items() if f.value > 0),
        chart="index",
        also=tuple(lead.values()),
    )


def window(data: DatasetView, params: Params, entity: str) -> tuple[list[Quantity], list[Quantity]]:
    """Return the figures of an entity and of the other measure, over exactly the same window."""
    series, other = series_of(data, params, entity), dict[str, Quantity]()
    if params.against:
        other = data.in_cny(params.against, params.to.entities[0] if params.to.entities else entity)
        series = {p: q for p, q in series.items() if p in other}
    last = max(series, default="")
    first = years_before(last, params.years) if last and params.years else min(series, default="")
    if first not in series or first == last:
        raise NotPublicError
    against = [q for p, q in other.items() if first <= p <= last]
    if against and not (against[0].value and against[-1].value):
        raise NotPublicError
    return [q for p, q in series.items() if p >= first], against


def factor_of(figures: list[Quantity]) -> Quantity:
    """Return the factor from the first to the last figure: 1 + change ÷ size, which loss and gain share."""
    first, last = figures[0], figures[-1]
    if not first.value:
        raise NotPublicError
    used = (last / first).used
    return Quantity(1 + (last.value - first.value) / abs(first.value), "", last.period, last.entity, used)


@kind("indicators of to years holds", uses="since", single="of to")
def gap_narrows(data: DatasetView, params: Params) -> Finding:
    """On how many measures one entity has come closer to another over one window, the same for all of them.

    A measure without a figure for both ends is left out. The condition is about the share of measures on
    which it came closer. Numbers: closer, measures (how many), share, then, then_period, now, now_period (of
    the first measure), lead (its name).
    """
    city, base = params.of.entities[0], params.to.entities[0]
    moves: dict[str, tuple[Quantity, Quantity]] = {}
    for indicator in params.indicators:
        shares = ratios(*(series_of(data, params, e, indicator) for e in (city, base)))
        last = max(shares, default="")
        if last and (first := years_before(last, params.years)) in shares:
            moves[indicator] = shares[first], shares[last]
    if not moves:
        raise NotPublicError
    closer = [i for i, (then, now) in moves.items() if now.value > then.value]
    lead, (then, now) = next(iter(moves.items()))
    every = [q for pair in moves.values() for q in pair]
    share = Quantity(len(closer) / len(moves), used=total(every).used)
    return Finding(
        outcome_of(params.condition.holds(share.value)),
        {
            "closer": Number.count([moves[i][1] for i in closer], every),
            "measures": Number.count([m[1] for m in moves.values()]),
            "share": Number.of(share, "percent"),
            "lead": Number.indicators(lead),
            "then": Number.of(then, "percent"),
            "then_period": Number.of(then, "period"),
            "now": Number.of(now, "percent"),
            "now_period": Number.of(now, "period"),
        },
        deciding="share",
        rows=tuple(Row(city, i, m[1], m[0], strong=i in closer) for i, m in moves.items()),
        probes=tuple(Probe((m[1],), m[0].value / m[1].value) for m in moves.values() if m[1].value),
        threshold=1.0,
        chart="arrows",
    )


@kind("indicators of to holds", uses="since least", single="to")
def caught_up(data: DatasetView, params: Params) -> Finding:
    """Which of several pursuers once rose to a share of another entity from below it, and in which fields.

    Each must have met the condition in at least ``least`` fields. Numbers: a, b … (as in the record),
    a_fields (count), a_in (names), a_peak, a_peak_period (the highest share in the first field after a time
    below the threshold); top, top_peak, top_period (the highest of these), fields (how many were looked at).
    """
    lead, condition = params.indicators[0], params.condition
    rows, drawn, probes = list[Row](), list[Trace](), list[Probe]()
    peaks: dict[str, Quantity] = {}
    caught: dict[str, list[str]] = {city: [] for city in params.of.entities}
    for city, indicator in product(caught, params.indicators):
        series, base = (series_of(data, params, e, indicator) for e in (city, *params.to.entities))
        if not (shares := tuple(ratios(series, base).values())):
            continue
        since_below = list(dropwhile(lambda q: condition.holds(q.value), shares))
        peak = max(since_below or shares, key=float)
        rose = bool(since_below) and condition.holds(peak.value)
        if rose:
            caught[city].append(indicator)
            probes.append(Probe(shares, condition.value / peak.value))
        if since_below:  # who was never below it has nothing to catch up
            rows.append(Row(city, indicator, shares[-1], peak, strong=rose))
        if indicator == lead:
            peaks[city] = peak
            drawn.append(Trace(city, indicator, shares, strong=rose))
    if len(peaks) < len(caught) or not rows:
        raise NotPublicError
    top = max(peaks.values(), key=float)
    return Finding(
        outcome_of(*(len(fields) >= max(1, params.least) for fields in caught.values())),
        {
            "fields": Number(len(params.indicators), kind="count"),
            "top": Number.entities(top.entity),
            "top_peak": Number.of(top, "percent"),
            "top_period": Number.of(top, "period"),
            **by_letter(caught, peaks),
        },
        deciding="top_peak",
        rows=tuple(rows),
        traces=tuple(drawn),
        probes=tuple(probes),
        threshold=1.0,
        chart="arrows",
    )


def by_letter(caught: Mapping[str, Sequence[str]], peaks: Mapping[str, Quantity]) -> dict[str, Number]:
    numbers: dict[str, Number] = {}
    for letter, (city, fields) in zip(ascii_lowercase, caught.items(), strict=False):
        numbers |= {
            letter: Number.entities(city),
            f"{letter}_fields": Number(len(fields), kind="count"),
            f"{letter}_in": Number.indicators(*fields),
            f"{letter}_peak": Number.of(peaks[city], "percent"),
            f"{letter}_peak_period": Number.of(peaks[city], "period"),
        }
    return numbers
