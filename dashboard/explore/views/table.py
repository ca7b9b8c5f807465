"""The figures themselves; its picture files show lines."""

from dashboard.explore import findings
from dashboard.explore.views import View, line

VIEW = View(line.draw, order=80, finding=findings.over_time, provisional_style="starred")
