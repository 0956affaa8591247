"""Every setting, read from the environment. What a municipality decides for itself is a row in the database."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from snerydder.project import databases, headers, keys, state


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "").lower() in ("1", "true", "yes", "on")


BASE_DIR = state.ROOT
DEBUG = False  # never: a page must not show a traceback, and the demo should look like the real thing
DEMO = flag("SNERYDDER_DEMO")
TEST = flag("SNERYDDER_TEST")
PLAIN_HTTP = flag("SNERYDDER_HTTP", DEMO or TEST)  # served without TLS in front: a demo on one's own machine

SECRET_KEY = keys.signing_key(may_make=DEMO or TEST)
CPR_KEYS = keys.cpr_keys(may_make=DEMO or TEST)
TRIAL_WITNESS = None if TEST or DEMO else state.folder() / "lodder"  # outside the database: which lots were opened (casework.trials.witness)

ALLOWED_HOSTS = [host.strip() for host in os.environ.get("SNERYDDER_HOSTS", "").split(",") if host.strip()]
if DEMO or TEST:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not PLAIN_HTTP]

# --- What it is made of -------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",  # arrays and exclusion constraints; 6.1 insists
    "django.contrib.staticfiles",
    "django_htmx",
    "snerydder.audit",
    "snerydder.access",
    "snerydder.ui",
    "snerydder.casework.people",
    "snerydder.casework.cases",
    "snerydder.casework.grants",
    "snerydder.casework.complaints",
    "snerydder.casework.agreements",
    "snerydder.casework.contacts",
    "snerydder.casework.questions",
    "snerydder.casework.payments",
    "snerydder.casework.trials",
    "snerydder.casework.surveys",
    "snerydder.casework.checks",
    "snerydder.casework.inspections",
    "snerydder.casework.lookups",
    "snerydder.evaluation",
    "snerydder.exchange.csv",
    "snerydder.exchange.invoices",
    "snerydder.exchange.sms",
    "snerydder.exchange.research",
    "snerydder.desks",
    "snerydder.project",
]
MIDDLEWARE = [
    "snerydder.project.headers.strict",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "snerydder.project.language.chosen",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "snerydder.access.views.sign_in.KeepTyped",  # Django's LoginRequiredMiddleware, and what was written is kept
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "snerydder.project.urls"
WSGI_APPLICATION = "snerydder.project.wsgi.application"
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "snerydder.project.templates.Pages",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "snerydder.ui.environment.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "snerydder.desks.frame.context",
            ],
        },
    }
]
FORM_RENDERER = "snerydder.ui.forms.Renderer"

# a tenant's key is never a OneToOneField: the constraint that carries the municipality is made by Isolate
SILENCED_SYSTEM_CHECKS = ["fields.W342"]

# --- Database -----------------------------------------------------------------------------------
# The owner migrates. Everything else works as a role that owns nothing, so that row-level security binds it.
DATABASE_ROLE = os.environ.get("SNERYDDER_DB_ROLE", "app")
_owner = os.environ.get("DATABASE_URL", "")
_app = os.environ.get("APP_DATABASE_URL") or (databases.app_url(_owner) if _owner else "")
DATABASES = {
    "default": {
        **databases.as_settings(_owner if DATABASE_ROLE == "owner" else _app),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Who ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.Account"
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "snerydder.ui.errors.csrf_failure"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TEST:  # a sign-in per test with a real cost would be most of the suite
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Sessions, cookies, headers -----------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 10 * 60 * 60  # however busy
SESSION_IDLE_SECONDS = 60 * int(os.environ.get("SNERYDDER_IDLE_MINUTES", "30"))  # without a press (access.sessions)
STEP_UP_SECONDS = 60 * int(os.environ.get("SNERYDDER_STEP_UP_MINUTES", "10"))  # so long after a password what is hidden may be shown (access.sessions)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
_prefix = "" if PLAIN_HTTP else "__Host-"  # such a cookie cannot be set by a neighbouring subdomain
SESSION_COOKIE_NAME = f"{_prefix}snerydder"
CSRF_COOKIE_NAME = f"{_prefix}snerydder_csrf"
LANGUAGE_COOKIE_NAME = "snerydder_sprog"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = headers.POLICY
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, where TLS has already ended
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if flag("SNERYDDER_PROXY"):  # only where a proxy strips the header from outside
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Dansk")), ("en", _("Engelsk"))]
LOCALE_PATHS = [BASE_DIR / "snerydder" / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------
# A clone has its packages beside it; an installed package keeps them with its state.
NODE_MODULES = (BASE_DIR if state.is_clone() else state.folder()) / "node_modules"
DKFDS_ROOT = NODE_MODULES / "dkfds"
DKFDS_STRICT = TEST  # an unknown parameter to a macro is an error, not a silence
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("SNERYDDER_STATIC") or state.folder() / "static")
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "snerydder.project.static.DesignSystem",
]
# Tests of pages read the files where they lie; what serves a browser reads the collected ones.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TEST  # and look for a file when it is asked for: each client of a test would read all anew
_manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": state.folder() / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if TEST else _manifest},
}

# The evaluation's data: files, in a folder no part of the casework reads. Put it on another disk, with other people's keys, if you like.
RESEARCH_STORE = Path(os.environ.get("SNERYDDER_RESEARCH") or state.folder() / "research")

# --- What is sent to citizens ---------------------------------------------------------------------
SMS_GATEWAY = os.environ.get("SNERYDDER_SMS", "")  # https://..., program:/..., file:/... (exchange/sms/README.md)
SMS_TOKEN = os.environ.get("SNERYDDER_SMS_TOKEN", "")
SITE_ADDRESS = os.environ.get("SNERYDDER_ADDRESS", "").rstrip("/") or (f"https://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else "")

# --- Log ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "blotting": {
            "()": "snerydder.project.log.Blotting",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "blotting"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SNERYDDER_LOG", "WARNING")},
    "loggers": {"django": {"handlers": [], "level": os.environ.get("SNERYDDER_LOG", "WARNING"), "propagate": True}},
}
