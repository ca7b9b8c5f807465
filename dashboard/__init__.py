"""The dashboard of Pursuit: dataset in memory, verdicts, figures, pages, exports.

In a notebook: ``from dashboard import open_dataset, figure``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.notebook import figure, open_dataset

__all__ = ["figure", "open_dataset"]


def __getattr__(name: str) -> Any:
    """Bring the notebook's two functions when they are asked for: pandas and plotly take a second to load."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dashboard import notebook

    return getattr(notebook, name)
