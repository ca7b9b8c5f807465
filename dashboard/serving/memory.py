"""Memory of the server's processes: shared where nothing changes, freed after pictures are made."""

import ctypes
import gc
from typing import Any

from dashboard import chinese

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""glibc's numbers of what ``mallopt`` sets."""
_BLOCK = 128 * 1024
_LIBC: Any = ctypes.CDLL(None)
_GLIBC = hasattr(_LIBC, "malloc_trim")


def freeze() -> None:
    """Leave what is in memory to be shared by workers: garbage collection does not touch it any more.

    glibc keeps freed blocks for later, and raises the size from which it does not up to 32 MB as large ones
    are freed: a worker that drew pictures kept 100 MB more. Here that size is fixed.
    """
    chinese.unload()  # the essay's records are converted by now
    gc.unfreeze()
    gc.collect()
    if _GLIBC:
        _LIBC.mallopt(_MMAP_THRESHOLD, _BLOCK)
        _LIBC.mallopt(_TRIM_THRESHOLD, _BLOCK)
        _LIBC.mallopt(_ARENA_MAX, 2)
    give_back()
    gc.freeze()


def give_back() -> None:
    """Return freed memory to the system, where glibc would keep it between what is in use."""
    if _GLIBC:
        _LIBC.malloc_trim(0)
