"""Charts as records: pure functions of the dataset; see ``record`` for what a chart is."""

from dashboard.dataset import Dataset, Lang
from dashboard.figures.record import Chart, Form


def figure_ids(dataset: Dataset) -> list[str]:
    """Return the id of every story figure: the opening chart's, then one a claim in the essay's order."""
    from dashboard.claims.record import essay

    of = essay(dataset)
    return [*([of.opening.claim_id] if of.opening else []), *of.claims]


def build(figure_id: str, dataset: Dataset, lang: Lang, form: Form = "wide") -> Chart:
    """Return a figure's record; ``KeyError`` for an id that is not in :func:`figure_ids`."""
    from dashboard.claims.evaluate import evaluate
    from dashboard.figures.from_finding import draw, opening

    first = opening(dataset)
    if first is not None and first[0].claim_id == figure_id:
        return draw(*first, dataset, lang, form)
    verdict = evaluate(dataset).get(figure_id)
    if verdict is None:
        raise KeyError(f"no figure {figure_id!r}; see figure_ids()")
    return draw(verdict.claim, verdict.finding, dataset, lang, form)
