"""Verdicts computed from records; see ``record`` for what a claim is, ``finding`` for an answer."""

from dashboard.claims.evaluate import Verdict, evaluate
from dashboard.claims.finding import OUTCOMES
from dashboard.claims.history import Step, read_history
from dashboard.claims.record import Claim, essay
from dashboard.claims.report import claim_review, to_json
from dashboard.claims.sentences import margin_sentence, outcome_name, verdict_sentence

__all__ = [
    "OUTCOMES", "Claim", "Step", "Verdict", "claim_review", "essay", "evaluate",
    "margin_sentence", "outcome_name", "read_history", "to_json", "verdict_sentence",
]  # fmt: skip
