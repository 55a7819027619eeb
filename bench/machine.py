"""The machine a run was made on, without its name or any path, and how fast its memory is."""

from __future__ import annotations

import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

_LIBRARIES = ("numpy", "numba", "duckdb", "pandas", "pyarrow", "psycopg", "superintervals")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system, versions, and memory bandwidth in GB/s (reading and writing, one thread)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(), "cores": os.cpu_count(), "memory_gb": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}", "python": ".".join(map(str, sys.version_info[:3])),
        "libraries": {name: _version(name) for name in _LIBRARIES}, "bandwidth_gb_s": round(bandwidth() / 1e9, 1),
    }  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else "unknown"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def bandwidth(size: int = 1 << 25) -> float:
    """Bytes per second of copying an array (read and written bytes together), the best of several runs."""
    source = np.ones(size, dtype=np.int64)
    target = np.zeros_like(source)
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - began)
    return 2 * source.nbytes / best
