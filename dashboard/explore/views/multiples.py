"""A small panel for each entity, or for each indicator."""

from dashboard.explore import findings
from dashboard.explore.panels import panels
from dashboard.explore.views import View

VIEW = View(panels, order=50, finding=findings.over_time)
