"""An installation's environment, read for the settings alone. It must import no model."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

CONNECTION_KEPT_SECONDS = 600
_DJANGO_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def switched_on(name: str) -> bool:
    """Whether an environment variable is set to `1`. All but `1`, `0` and nothing is refused."""
    value = os.environ.get(name, "")
    if value not in {"", "0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, and is {value!r}.")
    return value == "1"


def database_from(url: str | None) -> dict[str, Any]:
    """Django's account of a PostgreSQL connection given as libpq writes it (URL or key=value).

    Raises `ImproperlyConfigured` if there is none, it cannot be read, or it names no database.
    """
    if not url:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set. Use the harbourlight command, which starts a database of its "
            "own, or set it to a PostgreSQL address: postgresql://user@/harbourlight?host=/folder"
        )
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is not a PostgreSQL connection that libpq can read."
        ) from error
    if "dbname" not in parts:
        raise ImproperlyConfigured("DATABASE_URL names no database: end its path with one.")
    named = {name: str(parts.pop(key)) for key, name in _DJANGO_NAMES.items() if key in parts}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": parts,
        "CONN_MAX_AGE": CONNECTION_KEPT_SECONDS,
        # Without it the first request of each worker fails after the database restarts:
        # measured, 3 of 12 requests against 0 of 12.
        "CONN_HEALTH_CHECKS": True,
    }


def email_from(url: str | None, folder: Path) -> dict[str, Any]:
    """Django's settings for sending e-mail by `smtp://`, or into files in `folder` without a URL.

    `?tls=1` begins encryption after connecting (port 587), `?ssl=1` before (port 465).
    Raises `ImproperlyConfigured` for a URL that is neither.
    """
    if not url:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": folder}
    parts = urlsplit(url)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ImproperlyConfigured(
            "HARBOURLIGHT_EMAIL_URL must be like smtp://user:password@host:587?tls=1."
        )
    asked = parse_qs(parts.query)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": asked.get("tls") == ["1"],
        "EMAIL_USE_SSL": asked.get("ssl") == ["1"],
        "EMAIL_TIMEOUT": 30,
    }


def kept_secret(path: Path) -> str:
    """The secret kept in a file only its owner may read; made at the first asking.

    Two processes that start together agree: the file appears whole, and the first to place it wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)  # NamedTemporaryFile is 0600 from its birth
    return path.read_text()


def second_factor_from(value: str | None) -> str | frozenset[str]:
    """Who must have a second factor: `everyone`, or the codes of roles; none where it is off."""
    if value == "required":
        return "everyone"
    if value in {None, "", "off"}:
        return frozenset()
    return frozenset(code.strip() for code in str(value).split(",") if code.strip())


def openid_connect_from(
    issuer: str, *, client_id: str, secret: str, name: str, production: bool
) -> dict[str, Any]:
    """allauth's account of the one provider; nothing where no issuer is given.

    Raises `ImproperlyConfigured` for one half described, or one not reached over HTTPS.
    """
    if not issuer:
        return {}
    if not client_id:
        raise ImproperlyConfigured("HARBOURLIGHT_OIDC_ISSUER is set without _OIDC_CLIENT_ID.")
    if production and not issuer.startswith("https://"):
        raise ImproperlyConfigured("HARBOURLIGHT_OIDC_ISSUER must begin with https://.")
    app = {
        "provider_id": "work",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
