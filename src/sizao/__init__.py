"""Sizao 四早: from what was reported to who must act, by when, and why."""

from __future__ import annotations

__version__ = "0.1.0"
