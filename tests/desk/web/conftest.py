"""The gallery as the whole site, so that the shell is tested without any desk."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.desk.web.serving import serving

HERE = Path(__file__).resolve().parent


@pytest.fixture(autouse=True)
def _gallery(settings: Settings) -> None:
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [HERE / "templates"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.desk.web.urls"
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def zh() -> Client:
    """A browser that reads Chinese."""
    return Client(headers={"accept-language": "zh-CN,zh;q=0.9"})


@pytest.fixture
def en() -> Client:
    """A browser that reads English."""
    return Client(headers={"accept-language": "en-GB,en;q=0.9"})


@pytest.fixture
def site(_gallery: None) -> Iterator[str]:
    """The address of the gallery, served."""
    with serving() as address:
        yield address
