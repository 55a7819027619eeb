"""The migrations of identities and registries."""

from __future__ import annotations
