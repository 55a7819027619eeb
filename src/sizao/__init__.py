"""Sizao 四早: from what was reported to who must act, by when, and why."""

__version__ = "0.1.0"
