"""All settings in one file; what differs between machines comes from environment variables.

`docs/operating.md` lists every variable. Without any of them the portal runs in development:
SQLite and e-mail below `var/`, DEBUG on.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import VERSION
from pricing.engine.values import MOST_YEARS

PORTAL_VERSION = VERSION
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()

DEBUG = env.bool("DEBUG", default=True)
TECHNICAL_ERROR_PAGES = env.bool("TECHNICAL_ERROR_PAGES", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-for-production" if DEBUG else environ.Env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "import_export",
    "django_tasks",
    "django_tasks_db",
    "foundation",
    "licensing",
    "pricing",
    "quotes",
    "renewals",
    "crispy_forms",
]

MIDDLEWARE = [
    "config.middleware.with_access_entry",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.kept_by_no_cache",
    "config.middleware.with_known_methods",
    "config.middleware.without_null_characters",
    "config.middleware.with_own_error_pages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.health.with_health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.requests.with_readable_requests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.sessions.with_log_in",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.sessions.with_sessions_noted",
    "config.sessions.with_second_factor",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.portal",
            ],
            "builtins": ["foundation.templatetags.days"],
            "libraries": {"i18n": "foundation.templatetags.i18n"},
        },
    },
]

SILENCED_SYSTEM_CHECKS = ["templates.W003"]
"""Of two tag libraries of one name: `foundation/templatetags/i18n.py` stands in for Django's. A test sees to others."""
# Forms outside the administration are drawn by templates/portal, those mounted in it by templates/administration.
FORM_RENDERER = "foundation.inputs.PlainInputs"
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("portal", "portal/cell", "administration", "administration/cell")
CRISPY_FAIL_SILENTLY = False

# --- Database -------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
if _database["ENGINE"].endswith("sqlite3"):
    # Readers never wait for the one writer, and a writer takes its turn at BEGIN instead of failing in the middle.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: REPLACE deletes the row in its way, and the triggers of issued quotes must see that.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True
    # A server that does not even refuse is given up after some seconds: `/healthz` and the pages say so.
    _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    if env.bool("DATABASE_POOL", default=False):
        _database["CONN_MAX_AGE"] = 0
        _database.setdefault("OPTIONS", {})["pool"] = {"max_size": env.int("DATABASE_POOL_SIZE", default=4)}
    else:
        _database["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SIMPLE_HISTORY_DATE_INDEX = False  # nobody asks for what was done to all rows of a kind at some moment

# What is kept here are counts of attempts. By default Django keeps 300 of them, and then throws others' away.
_kept: dict[str, Any] = {"OPTIONS": {"MAX_ENTRIES": 100_000}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} | _kept}
if not DEBUG:
    # They must be shared by all worker processes, and survive other visitors' attempts.
    CACHES = {"default": {"BACKEND": "foundation.attempts.AttemptsCache", "LOCATION": "cache"} | _kept}

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "licensing.User"
AUTHENTICATION_BACKENDS = ["licensing.adapters.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "licensing.models.validators.MaximumLengthValidator", "OPTIONS": {"max_length": 128}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "licensing.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "licensing.forms.LoginForm",
    "reauthenticate": "licensing.forms.ReauthenticateForm",
    "change_password": "licensing.forms.ChangePasswordForm",
    "reset_password": "licensing.forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
SHOW_INVITATION_LINKS = env.bool("SHOW_INVITATION_LINKS", default=DEBUG)
"""Whether whoever invites sees the link beside the mail; with it they could come in as the person they invite."""
"""For so many days somebody can come in with an invitation."""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("REAUTHENTICATION_SECONDS", default=15 * 60)
"""For how long after proving who they are, at log-in or again, somebody may do what could do great harm."""
ACCOUNT_RATE_LIMITS = {
    # From one address (an office shares one), and for one account.
    "login": "30/m/ip",
    "login_failed": f"20/m/ip,{env.int('LOGIN_ATTEMPTS', default=5)}/{env.int('LOGIN_LOCK_SECONDS', default=300)}s/key",
    "reset_password": "20/m/ip,5/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

# --- Second factors, passkeys, sessions -----------------------------------------------------------------------------

REQUIRE_ADMIN_MFA = env.bool("REQUIRE_ADMIN_MFA", default=not DEBUG)
"""Portal admins and price admins need a second factor. Off only where the portal is tried out or developed."""
MFA_ADAPTER = "licensing.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "licensing.forms.AuthenticateForm",
    "reauthenticate": "licensing.forms.ReauthenticateByCodeForm",
    "activate_totp": "licensing.forms.ActivateTOTPForm",
    "add_webauthn": "licensing.forms.AddPasskeyForm",
    "edit_webauthn": "licensing.forms.EditPasskeyForm",
    "authenticate_webauthn": "licensing.forms.AuthenticateByPasskeyForm",
    "reauthenticate_webauthn": "licensing.forms.ReauthenticateByPasskeyForm",
    "login_webauthn": "licensing.forms.LoginByPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: addresses are entered by those who make the accounts
WEBAUTHN_HOST = env.str("WEBAUTHN_HOST", default="")
"""The host name that passkeys are made for. Empty: the one by which the portal is visited."""

# --- Single sign-on -------------------------------------------------------------------------------------------------

OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_IS_SECOND_FACTOR = env.bool("OIDC_IS_SECOND_FACTOR", default=False)
"""Whether the sign-on service asks for a second factor itself, so that the portal need not."""
SOCIALACCOUNT_ADAPTER = "licensing.adapters.SocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form would be stopped by the policy's form-action on its way to the service
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    if not (DEBUG or OIDC_ISSUER.startswith("https://")):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://: what it says decides who gets in.")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": env.str("OIDC_NAME", default="SSO"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Background work ------------------------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
BATCH_LEASE_SECONDS = env.int("BATCH_LEASE_SECONDS", default=60)
SWEEPS = [
    "foundation.jobs.operations.sweep",
    "quotes.archive.exports.sweep_exports",
    "renewals.drift.tasks.sweep_drift",
    "renewals.reminders.tasks.keep_rhythm",
]
"""What a worker does beside its work, every third of a lease: functions that take `now`."""
KEEPERS = ["renewals.desk.tasks.keep_desk", "foundation.integrity.counts.keep_counts"]
"""What a worker keeps up to date, every few seconds: functions that take `now`."""
IMPACT_DAYS = env.int("IMPACT_DAYS", default=90)

# --- Quotes as records ----------------------------------------------------------------------------------------------

CHAT_TO_LOOPBACK = env.bool("CHAT_TO_LOOPBACK", default=False)
"""Whether notices may go to a chat's server on this machine, without https: for tests and trying out only."""
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")
"""Where the portal is found from outside, for links in e-mail and on paper. No request tells: a quote is drawn once."""
CHECK_RATE = env.str("CHECK_RATE", default="60/10m")
"""How many check codes one visitor's address may look up: 60 in 10 minutes."""
RETENTION_YEARS = env.int("RETENTION_YEARS", default=12)
"""For how many years from its issue a quote cannot be deleted; written into each at its issue."""
SHARE_LINK_DAYS = env.int("SHARE_LINK_DAYS", default=30)
"""Unless staff choose another day, a share link opens for this many days after its quote's last day."""
SHARE_LINK_MAX_DAYS = env.int("SHARE_LINK_MAX_DAYS", default=365)
"""Staff can let it open for at most this many days after it."""
SHARE_LINK_MAX_DOWNLOADS = env.int("SHARE_LINK_MAX_DOWNLOADS", default=20) or None
"""How often a PDF is given by one share link, unless staff choose another number; 0: as often as anybody asks."""
SHARE_LINK_UNKNOWN_RATE = env.str("SHARE_LINK_UNKNOWN_RATE", default="20/10m")
"""How many share links that do not exist one address may try in some minutes."""

EXPORT_ROOT = Path(env.str("EXPORT_ROOT", default=str(VAR_DIR / "exports")))
"""Where workers write files of exported records, and the server reads them."""
EXPORT_HOURS = env.int("EXPORT_HOURS", default=24)
"""For how long an exported file can be fetched; then the worker removes it."""

POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", default="")
"""The folder of pg_dump, pg_restore and psql for `manage.py backup`; empty: where the system finds them."""

# --- Rules ----------------------------------------------------------------------------------------------------------

LONGEST_TERM = MOST_YEARS
"""R1, told to the rooms that know no engine: nobody sets it."""

# --- Price lists ----------------------------------------------------------------------------------------------------

PRICE_CHANGE_TO_TICK_PERCENT = env.int("PRICE_CHANGE_TO_TICK_PERCENT", default=20)
"""Whoever publishes a price list must tick as read that a price changes by more than this."""

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "foundation.disk.WholeFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "accelerometer", "gyroscope")
}
X_FRAME_OPTIONS = "DENY"
# A license ID with 1,000 holdings sends 2,000 fields in the quote form and 5,000 in the administration.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
SESSION_ENGINE = "foundation.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        # Log-in attempts are counted by the visitor's address, not by the proxy's, which all visitors share.
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- E-mail and logging ---------------------------------------------------------------------------------------------

# In development each e-mail is a file that can be opened: on a console its links would be lost among the requests.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{quote(str(VAR_DIR / 'mail'))}")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
"""Seconds for which each step of the talk with the mail server may take."""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")
"""A mailbox with sub-addresses (`name+anything@`) whose e-mail goes to `manage.py record_bounce`. Empty: none."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.Discreet", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "addresses": {"()": "django.utils.log.CallbackFilter", "callback": "ext://config.logs.without_address"},
        "refusals": {
            "()": "django.utils.log.CallbackFilter",
            "callback": "ext://config.logs.without_traceback_of_refusals",
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals", "addresses"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # With DEBUG on, Django would write its lines a second time, by a handler that takes no token off.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "portal.access": {"level": "WARNING" if DEBUG else "INFO"},
    },
}
