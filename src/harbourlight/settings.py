"""How the Django project is put together.

Everything that differs between installations is read from the environment here and nowhere else:

`DATABASE_URL`             PostgreSQL, as libpq writes it; a socket folder as `?host=/a/folder`
`HARBOURLIGHT_HOME`        where this installation keeps its files; `var` in the working folder
`HARBOURLIGHT_SECRET_KEY`  the signing key; made and kept in the home folder when not given
`HARBOURLIGHT_PRODUCTION`  `1` where it is served over HTTPS: secure cookies, hashed asset names
`HARBOURLIGHT_HOSTS`       host names served, by commas; this machine alone when not given
`HARBOURLIGHT_PROXY`       `1` where a proxy in front says in X-Forwarded-Proto how it was reached
`HARBOURLIGHT_IDLE_MINUTES`  how long a signed-in person may do nothing; 60 when not given
`HARBOURLIGHT_SECOND_FACTOR`  who must have one: `off`, `required`, or roles' codes by commas
`HARBOURLIGHT_OIDC_ISSUER`  the address of an OpenID Connect provider, to sign in with it; with
                           `_OIDC_CLIENT_ID`, `_OIDC_CLIENT_SECRET`, `_OIDC_NAME` (as on the button)
                           and `_OIDC_CLAIM`, which is the username: `preferred_username` or `email`
`HARBOURLIGHT_GALLERY`     `1` to show the page of components
`HARBOURLIGHT_ADDRESS`     where people reach it, for links in e-mail; this machine when not given
`HARBOURLIGHT_EMAIL_URL`   `smtp://user:password@host:587?tls=1`; when not given, e-mail is written
                           into files in the home folder and goes nowhere
`HARBOURLIGHT_EMAIL_FROM`  whom e-mail is from
`HARBOURLIGHT_DOCUMENT_MEGABYTES`  the largest file a document may be; 20 when not given
`HARBOURLIGHT_SCANNER`     the command that looks for viruses in a file: `clamdscan --fdpass -q`
`HARBOURLIGHT_AUTHORITY_NUMBER`  the department's number for the authority, in the census's header
`HARBOURLIGHT_CENSUS_MEGABYTES`  the largest census file that may be given to be checked; 500 when
                           not given
`HARBOURLIGHT_DATA_FOLDERS`  folders whose room is watched too, written as PATH is: where the
                           database is, if it is on this machine and not the embedded one
`HARBOURLIGHT_DEBUG`       `1` for Django's own error pages; never where real records are kept

It must not ask the database anything, and must hold no secret.
"""

import os
from pathlib import Path

import pghistory

import harbourlight
from harbourlight.foundation.environment import (
    database_from,
    email_from,
    kept_secret,
    openid_connect_from,
    second_factor_from,
    switched_on,
)

PACKAGE = Path(harbourlight.__file__).parent
HOME = Path(os.environ.get("HARBOURLIGHT_HOME", "var")).resolve()
"""Where this installation keeps its files: its key, its prepared assets, its embedded database."""

PRODUCTION = switched_on("HARBOURLIGHT_PRODUCTION")
DEBUG = switched_on("HARBOURLIGHT_DEBUG")
GALLERY = DEBUG or switched_on("HARBOURLIGHT_GALLERY")

SECRET_KEY = os.environ.get("HARBOURLIGHT_SECRET_KEY") or kept_secret(HOME / "secret_key")

ALLOWED_HOSTS = [host for host in os.environ.get("HARBOURLIGHT_HOSTS", "").split(",") if host] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]

# ---- What it is made of -------------------------------------------------------------------------

RECORD_APPS: tuple[str, ...] = (
    "harbourlight.pages",
    "harbourlight.record.workforce",
    "harbourlight.record.people",
    "harbourlight.record.front_door",
    "harbourlight.record.episodes",
    "harbourlight.record.assessment",
    "harbourlight.record.protection",
    "harbourlight.record.plans",
    "harbourlight.record.live_ledger",
    "harbourlight.record.confidentiality",
    "harbourlight.record.matching",
    "harbourlight.record.documents",
    "harbourlight.record.chronology",
    "harbourlight.record.questionnaires",
    "harbourlight.record.looking",
    "harbourlight.record.census",
)
"""The record, one app for each noun of the domain, and the pages that gather across them."""

FOUNDATION_APPS: tuple[str, ...] = (
    "harbourlight.foundation.accounts",
    "harbourlight.foundation.sign_ins",
    "harbourlight.foundation.history",
    "harbourlight.foundation.submissions",
    "harbourlight.foundation.drafts",
    "harbourlight.foundation.jobs",
    "harbourlight.foundation.notices",
    "harbourlight.foundation.instruments",
    "harbourlight.ui",
)

INSTALLED_APPS = [
    *RECORD_APPS,
    *FOUNDATION_APPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its own widgets' templates, for what our fields do not draw
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "harbourlight.foundation.content_security.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "harbourlight.foundation.logs.RequestLogMiddleware",
    "harbourlight.foundation.health.HealthMiddleware",
    "harbourlight.foundation.room.RoomMiddleware",
    "harbourlight.foundation.reconnecting.ReconnectMiddleware",
    # Beneath this line everything is in the request's own transaction, the session included.
    "harbourlight.foundation.transactions.TransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "harbourlight.foundation.sessions.SessionLimitMiddleware",
    # Beneath this line the database knows who asks, and shows no more than they may see.
    "harbourlight.record.confidentiality.identity.IdentityMiddleware",
    "harbourlight.foundation.sessions.SignInFirstMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "harbourlight.foundation.sessions.TemporaryPasswordMiddleware",
    "harbourlight.foundation.sessions.SecondFactorMiddleware",
    "harbourlight.foundation.sessions.KeptWordsMiddleware",
    "harbourlight.foundation.drafts.middleware.DraftMiddleware",
    "harbourlight.record.matching.leading.SuccessorMiddleware",
]

ROOT_URLCONF = "harbourlight.urls"
WSGI_APPLICATION = "harbourlight.wsgi.application"

# ---- The database -------------------------------------------------------------------------------

# ATOMIC_REQUESTS stays off: TransactionMiddleware opens the transaction, further out, so that the
# session and the log of reading are in it too.
DATABASES = {"default": database_from(os.environ.get("DATABASE_URL"))}
DATA_FOLDERS: tuple[Path, ...] = (
    HOME,
    *map(Path, filter(None, os.environ.get("HARBOURLIGHT_DATA_FOLDERS", "").split(os.pathsep))),
)
"""Where the room that is left is watched."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",  # made by a migration of accounts
    }
}

# ---- Background work ----------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# What fell due while nothing ran (a machine off overnight) is done once when a worker starts.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}

# ---- E-mail -------------------------------------------------------------------------------------
# It says only that there is something to read: see foundation/notices.

ADDRESS = os.environ.get("HARBOURLIGHT_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("HARBOURLIGHT_EMAIL_FROM", "harbourlight@localhost")
globals().update(email_from(os.environ.get("HARBOURLIGHT_EMAIL_URL"), HOME / "mail"))

# ---- What was known when ------------------------------------------------------------------------

HISTORY_KEPT: tuple[str, ...] = (
    *RECORD_APPS,
    "harbourlight.foundation.accounts",
    "harbourlight.foundation.instruments",
)
"""The apps whose every row is kept as it was before and after each change, by rule."""

HISTORY_NOT_KEPT: dict[str, str] = {
    "accounts.User.password": "a secret, even scrambled",
    "accounts.User.last_login": "says nothing of what an account may do",
    "accounts.User.session_stamp": "a secret of the session",
    "live_ledger.Entry": "worked out from the record, and worked out again by each write",
    "census.Census": "worked out from the record, and worked out again each night",
    "census.CensusChild": "worked out from the record, and worked out again each night",
    "census.CensusFinding": "worked out from the record, and worked out again each night",
    "census.CheckedFile": "of another system's file, and kept thirty days",
    "census.FileFinding": "of another system's file, and kept thirty days",
}
"""The models and fields of those apps that are not kept, each with the reason."""

# Found by the row's own identifier or its child's, never by whoever else it names.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# ---- Signing in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "full_name")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]

ACCOUNT_ADAPTER = "harbourlight.foundation.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_FORMS = {
    "login": "harbourlight.foundation.accounts.forms.SignInForm",
    "change_password": "harbourlight.foundation.accounts.forms.ChangePasswordForm",
    "reauthenticate": "harbourlight.foundation.accounts.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "harbourlight.foundation.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Harbourlight"
MFA_TOTP_TOLERANCE = 1  # a code typed just as the next one appeared is taken (RFC 6238, 5.2)
MFA_FORMS = {
    "authenticate": "harbourlight.foundation.accounts.forms.SignInCodeForm",
    "reauthenticate": "harbourlight.foundation.accounts.forms.ConfirmCodeForm",
    "activate_totp": "harbourlight.foundation.accounts.forms.SetUpAppForm",
    "add_webauthn": "harbourlight.foundation.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "harbourlight.foundation.accounts.forms.RenamePasskeyForm",
}
SECOND_FACTOR_REQUIRED_OF = second_factor_from(os.environ.get("HARBOURLIGHT_SECOND_FACTOR"))
"""`everyone`, or the codes of the roles that must have one."""

OIDC_ISSUER = os.environ.get("HARBOURLIGHT_OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("HARBOURLIGHT_OIDC_NAME", "your work account")
OIDC_CLAIM = os.environ.get("HARBOURLIGHT_OIDC_CLAIM", "preferred_username")
SOCIALACCOUNT_ADAPTER = "harbourlight.foundation.accounts.openid.WorkAccountAdapter"
SOCIALACCOUNT_PROVIDERS = openid_connect_from(
    OIDC_ISSUER,
    client_id=os.environ.get("HARBOURLIGHT_OIDC_CLIENT_ID", ""),
    secret=os.environ.get("HARBOURLIGHT_OIDC_CLIENT_SECRET", ""),
    name=OIDC_NAME,
    production=PRODUCTION,
)

# Failed sign-ins: ten a minute from one address, five in five minutes for one name.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip"}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "harbourlight_session"
SESSION_COOKIE_AGE = 60 * int(os.environ.get("HARBOURLIGHT_IDLE_MINUTES", "60"))
SESSION_LONGEST = 12 * 60 * 60
"""Seconds after signing in at which a person must sign in again, however busy: a long shift."""
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # its row in the database says when it has been idle
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION

CSRF_COOKIE_NAME = "harbourlight_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "harbourlight.foundation.sessions.form_expired"

# ---- Pages --------------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "harbourlight.ui.jinja.environment"},
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [
    (code, code)
    for code in os.environ.get("HARBOURLIGHT_LANGUAGES", LANGUAGE_CODE).replace(",", " ").split()
]
"""What a person may choose from, where there are several: each needs a catalogue. See ADR 21."""
LANGUAGE_COOKIE_NAME = "harbourlight_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
ASSETS = HOME / "assets"
"""Front-end packages made ready to serve: GOV.UK Frontend, MOJ Frontend and our typeface."""
STATICFILES_DIRS = [ASSETS] if ASSETS.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Outside production the files are served from where they lie, with nothing to collect first.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ---- Documents ----------------------------------------------------------------------------------

DOCUMENTS = HOME / "documents"
"""Where the files of documents lie, each under its checksum; never served from there."""
DOCUMENT_LARGEST = int(os.environ.get("HARBOURLIGHT_DOCUMENT_MEGABYTES", "20"))
DOCUMENT_SCANNER = os.environ.get("HARBOURLIGHT_SCANNER", "")
FILE_UPLOAD_PERMISSIONS = 0o600

# ---- The census ---------------------------------------------------------------------------------

CENSUSES = HOME / "censuses"
"""Where censuses lie as files, each under a name made at random; never served from there."""
CENSUS_LARGEST = int(os.environ.get("HARBOURLIGHT_CENSUS_MEGABYTES", "500"))
AUTHORITY_NUMBER = os.environ.get("HARBOURLIGHT_AUTHORITY_NUMBER", "")

# ---- Security -----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if switched_on("HARBOURLIGHT_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---- Logs ---------------------------------------------------------------------------------------
# No name, date of birth or note is ever logged: see foundation/logs.py.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": "harbourlight.foundation.logs.PrivateFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "harbourlight": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},  # to the root, and by no e-mail
        # RequestLogMiddleware has said it all but where a fault lay.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": False},
    },
}
