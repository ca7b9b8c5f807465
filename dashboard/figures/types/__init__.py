"""The chart types of findings, one module each: a record may name any module in this folder.

A module has ``draw(context, finding) -> Chart``, a pure function of the finding.
"""

from dashboard.claims.kinds import modules_of

TYPES = modules_of(__name__, __path__)
"""Every chart type by name."""
