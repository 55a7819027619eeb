"""Settings of the tests: a home folder of their own, made anew for every process, on SQLite or on the server CI names."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from sizao.desk.deployment import Deployment, Mode, create

_HOME = Path(tempfile.mkdtemp(prefix="sizao-test-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
create(
    Deployment(home=_HOME, mode=Mode.LOCAL, area="999901", zone="Asia/Shanghai", packs=("demo-county",)),
    token=secrets.token_bytes,
)
(_HOME / "static").mkdir()
(_HOME / "oidc-secret").write_text("a secret of the tests", "utf-8")
os.environ |= {
    "SIZAO_OIDC_ISSUER": "https://id.example",
    "SIZAO_OIDC_CLIENT": "sizao",
    "SIZAO_OIDC_SECRET": str(_HOME / "oidc-secret"),
}
os.environ["SIZAO_HOME"] = str(_HOME)
if os.environ.get("SIZAO_TEST_DESK_ON") == "postgresql":
    os.environ["SIZAO_DATABASE_URL"] = os.environ["SIZAO_TEST_POSTGRES_URL"]
else:
    os.environ.pop("SIZAO_DATABASE_URL", None)

from sizao.desk.settings import *  # noqa: E402, F403 - the home folder has to be there first

for _name, _database in DATABASES.items():  # noqa: F405 - of the settings above
    if _database["ENGINE"].endswith("sqlite3"):
        # In a file, as in earnest: a database in memory is locked otherwise.
        _database["TEST"] = {"NAME": str(_HOME / f"test-{_name}.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
