"""Verdicts computed from the dataset by declared rules; see ``verdict`` for what a verdict is."""

from dashboard.claims.evaluate import evaluate
from dashboard.claims.history import Step, append_history, read_history, verdict_rows
from dashboard.claims.report import claim_review, table, to_json
from dashboard.claims.rule import RULES
from dashboard.claims.verdict import OUTCOMES, Alternative, Margin, Number, Outcome, Verdict
from dashboard.claims.words import (
    Sentence,
    caveats,
    choice_name,
    choice_number,
    deciding_name,
    outcome_name,
    reading,
    rule_in_words,
    say,
    say_essay,
    say_margin,
    why,
)

__all__ = [
    "OUTCOMES", "RULES", "Alternative", "Margin", "Number", "Outcome", "Sentence", "Step", "Verdict",
    "append_history", "caveats", "choice_name", "choice_number", "claim_review", "deciding_name", "evaluate",
    "outcome_name", "read_history", "reading", "rule_in_words", "say", "say_essay", "say_margin", "table",
    "to_json", "verdict_rows", "why",
]  # fmt: skip
