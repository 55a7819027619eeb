"""Django's settings, all from one home folder and a few variables of the environment.

SIZAO_HOME            the home folder (see `deployment`); ./sizao-home unless told
SIZAO_DATABASE_URL    postgresql://user@host:port/name; without it, SQLite in the home folder, which service mode refuses
SIZAO_HOSTS           the names this service answers to, separated by commas
SIZAO_DEBUG           1 shows tracebacks in the browser; never in service mode
SIZAO_PROXIES         how many servers of our own stand before this one and say where a request came from; 0 unless told
SIZAO_OIDC_ISSUER     the organisation's own sign-in (see `access.federation`)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sizao.desk.access.federation import APPS, federation
from sizao.desk.deployment import Deployment, Mode, keys_of, load
from sizao.errors import DeskError

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("SIZAO_HOME", "sizao-home")).resolve()
SIZAO: Deployment = load(HOME)
KEYS = keys_of(SIZAO)

SECRET_KEY = KEYS.session.hex()
DEBUG = os.environ.get("SIZAO_DEBUG", "") == "1" and SIZAO.mode is not Mode.SERVICE
ALLOWED_HOSTS = [host for host in os.environ.get("SIZAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]

INSTALLED_APPS = [
    "sizao.desk.store",
    "sizao.desk.people",
    "sizao.desk.ledger",
    "sizao.desk.access",
    "sizao.desk.web",
    "sizao.desk.cases",
    "sizao.desk.contacts",
    "sizao.desk.hospitals",
    "sizao.desk.me",
    "sizao.desk.counter",
    "sizao.desk.audit",
    "sizao.desk.public",
    "sizao.desk.setup",
    "sizao.desk.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
OIDC = federation(os.environ)
if OIDC is not None:
    INSTALLED_APPS += APPS
    SOCIALACCOUNT_PROVIDERS = OIDC.providers
    SOCIALACCOUNT_ADAPTER = "sizao.desk.access.oidc.Office"
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another house: the content policy forbids it
if SIZAO.mode is Mode.DEMO:
    INSTALLED_APPS.insert(0, "sizao.desk.demo")
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sizao.desk.web.middleware.ContentSecurity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sizao.desk.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sizao.desk.access.middleware.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "sizao.desk.urls"
WSGI_APPLICATION = "sizao.desk.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sizao.desk.web.context.shell",
            ],
            "string_if_invalid": "",
        },
    }
]


def sqlite(path: Path, *, full: bool = True) -> dict[str, Any]:
    """A SQLite file that readers may read while one writes, and that survives a cut of power."""
    pragmas = (
        "journal_mode=WAL", f"synchronous={'FULL' if full else 'NORMAL'}", "foreign_keys=ON", "cache_size=-65536",
        "mmap_size=268435456", "temp_store=MEMORY", "secure_delete=ON",
    )  # fmt: skip
    options = {
        "transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
    }  # fmt: skip
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}


def postgresql(url: str) -> dict[str, Any]:
    """A PostgreSQL server by its address; `?host=` names the folder of a socket."""
    told = urlsplit(url)
    host = told.hostname or "".join(parse_qs(told.query).get("host", []))
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": told.path.lstrip("/"), "USER": unquote(told.username or ""),
        "PASSWORD": unquote(told.password or ""), "HOST": host, "PORT": str(told.port or ""),
        "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": {"application_name": "sizao"},
    }  # fmt: skip


_URL = os.environ.get("SIZAO_DATABASE_URL", "")
if SIZAO.mode is Mode.SERVICE and not _URL:
    raise DeskError("D106")
DATABASES = {"default": postgresql(_URL) if _URL else sqlite(HOME / "desk.sqlite3")}
if not _URL:
    # Reading is written down before a page is shown: in a file of its own it never waits for an import.
    DATABASES["reads"] = sqlite(HOME / "reads.sqlite3", full=False)
DATABASE_ROUTERS = ["sizao.desk.routing.Reads"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "desk_access.User"
AUTHENTICATION_BACKENDS = ["sizao.desk.access.backends.Passwords"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_ADAPTER = "sizao.desk.access.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "sizao.desk.access.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "access:sign-in"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "sizao_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "uploads"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 << 20

PROXIES = int(os.environ.get("SIZAO_PROXIES", "0"))
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_TLS = SIZAO.mode is Mode.SERVICE
SESSION_COOKIE_NAME = "sizao_session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "sizao_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sizao.desk.web.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
