"""The way from the command line into the desks: a home folder makes the settings, and only then is Django awake."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from types import ModuleType

SETTINGS = "sizao.desk.settings"


def desk(home: Path, module: str) -> ModuleType:
    """A module of the desks, serving the deployment in `home`; refuses as `deployment.load` does. One home a process."""
    os.environ["SIZAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    importlib.import_module("django").setup()
    return importlib.import_module(f"sizao.desk.{module}")
