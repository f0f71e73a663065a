"""One settings file for every place; the environment alone decides. README lists the variables."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from helpdesk import embedded, env, library_system
from helpdesk.languages import WRITTEN_FROM_THE_RIGHT, languages

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("DEMO", default=False)  # the demo library: sign-ins on the first page, mail to the console
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# Secrets: from the environment in production, from the data folder for the embedded default.
SECRET_KEY = env.text("SECRET_KEY") or embedded.secret("secret-key")
# Patron keys are HMACs under this key; it never enters the database (see reservations/patrons/keys.py).
PATRON_KEY = env.text("PATRON_KEY") or embedded.secret("patron-key")

DATABASE_URL = env.text("DATABASE_URL") or embedded.default_urls().database
REDIS_URL = env.text("REDIS_URL") or embedded.default_urls().redis


# Short queries by the hundred: compiling one, or starting helpers for it, takes longer than answering it.
SHORT_QUERIES = "-c jit=off -c max_parallel_workers_per_gather=0"


def _database(url: str) -> dict[str, Any]:
    """Return Django's settings for a postgresql:// URL, read by libpq's own parser."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is not a postgresql:// address: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "helpdesk"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {
            **parts,
            "options": f"{SHORT_QUERIES} {parts.get('options', '')}".strip(),
            "pool": {"min_size": 1, "max_size": env.number("DATABASE_POOL", 8), "timeout": 10},
        },
    }


DATABASES = {"default": _database(DATABASE_URL)}

INSTALLED_APPS = [
    "helpdesk.admin_config.SetupAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "helpdesk",
    "reservations",
    "troubleshooting",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "helpdesk.presence.PresenceMiddleware",  # an unchanged poll tells who is there as well
    "helpdesk.live.UnchangedPollMiddleware",  # before sessions: an unchanged poll costs no user lookup
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "helpdesk.htmx.SignInRedirectMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
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
                "helpdesk.context.product",
            ],
        },
    }
]

# People
AUTH_USER_MODEL = "helpdesk.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
SESSION_COOKIE_AGE = 12 * 3600  # seconds: a working day
SESSION_COOKIE_HTTPONLY = True

# Behind TLS (production) cookies and redirects are strict; the embedded default speaks plain HTTP on loopback.
HTTPS = env.flag("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 3600 if HTTPS else 0)
# Subdomains and browser preload lists: the library's other hosts are not ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "helpdesk.views.stale_form"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Words and times: one time zone per system, UTC stored, branch time shown.
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = languages(LOCALE_PATHS[0])
LANGUAGES_BIDI = WRITTEN_FROM_THE_RIGHT
TIME_ZONE = env.text("TIME_ZONE", "America/New_York")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
# Where collectstatic puts the files of production; unset, they are served from the checkout.
STATIC_ROOT = env.text("STATIC_ROOT") or None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = STATIC_ROOT is None

# Mail
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "helpdesk@localhost")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000")  # for links in mail

# Uploads stay in memory and never touch a disk: files of cards hold PINs. Larger ones are imported by a command.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # bytes

# Redis for live tokens and kiosk sign-ins: never holds a request longer than half a second.
REDIS_TIMEOUT = 0.5  # seconds
KIOSK_IDLE_SECONDS = env.number("KIOSK_IDLE_SECONDS", 60)  # then a 30 s warning, design.md "Countdown"
KIOSK_WARNING_SECONDS = 30  # WCAG 2.2.1 asks for at least 20
# What the card scanners are set up to type around a number; see reservations/patrons/scanner.py.
SCANNER_PREFIX = env.words("SCANNER_PREFIX")
SCANNER_SUFFIX = env.words("SCANNER_SUFFIX")

# Who is this card? One source per system: cards kept here, or the library system behind SIP2 (docs/sip2.md).
LIBRARY_SYSTEM = library_system.read()
PATRON_SOURCE = library_system.source(LIBRARY_SYSTEM)

# Celery: the bell. Measured values; see docs/adr on the outbox.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,
    "visibility_timeout": 120,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # delivering twice is harmless
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_TASK_ROUTES = {
    "troubleshooting.deliver_reference": {"queue": "reference"},
    "troubleshooting.deliver_it": {"queue": "it"},
    "troubleshooting.send_notification": {"queue": "mail"},
}
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "troubleshooting.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "settle": {"task": "reservations.settle", "schedule": 60.0, "options": {"expires": 60}},
    "lines": {"task": "reservations.lines", "schedule": 10.0, "options": {"expires": 10}},
    "learn": {"task": "reservations.learn", "schedule": crontab(hour=3, minute=20), "options": {"expires": 3600}},
    "triage": {
        "task": "troubleshooting.learn_triage",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
    "words": {
        "task": "troubleshooting.learn_words",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 3600},
    },
    "extend": {"task": "reservations.extend", "schedule": 30.0, "options": {"expires": 30}},
    "imports": {"task": "reservations.imports", "schedule": 30.0, "options": {"expires": 30}},
    "purge": {"task": "helpdesk.purge", "schedule": crontab(minute=10), "options": {"expires": 3600}},
}
CELERY_TIMEZONE = TIME_ZONE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
