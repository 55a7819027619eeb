"""Migrations of the API's tables."""

from __future__ import annotations
