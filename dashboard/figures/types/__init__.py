"""The chart types of findings, one module each: what stands in this folder is a type that a record may name.

A module has ``draw(context, finding) -> Chart``, a pure function of the finding.
"""

from dashboard.claims.kinds import modules_of

TYPES = modules_of(__name__, __path__)
"""Every chart type by name."""
