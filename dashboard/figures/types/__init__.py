"""The chart types of findings; a record may name any module here: ``draw(context, finding) -> Chart``."""

from dashboard.claims.kinds import modules_of

TYPES = modules_of(__name__, __path__)
