"""Settings: the embedded defaults of `make run`, and real servers by environment variables, with the same code."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

# Lets admin, form and manager classes name their model at run time, as their types do.
django_stubs_ext.monkeypatch()

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env("SERVICEOPS_HOME", default=str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("SERVICEOPS_DEMO", default=False)


def _secret_key() -> str:
    """The key from the environment, or one made once for this installation and kept beside its data."""
    if given := env("SECRET_KEY", default=""):
        return str(given)
    kept = HOME / "secret_key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(40).hex())
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env("SITE_URL", default=f"http://localhost:{env('PORT', default='8000')}")

INSTALLED_APPS = [
    "serviceops.apps.ServiceOpsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "simple_history",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "axes",
    "csp",
    "core",
    "handbook",
    "people",
    "calendars",
    "customers",
    "workflow",
    "notifications",
    "search",
    "jira",
    "reports",
    "lists",
    "exports",
    "forms_templates",
    "vault",
    "texts",
    "duty",
    "tickets",
    "knowledge",
    "contracts",
    "execution",
    "documents",
    "batches",
    "invitations",
    "decisions",
    "scans",
    "reactions",
    "desk",
    "portal",
    "demo",
    "bench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "desk.middleware.PreferredLanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "serviceops.urls"
WSGI_APPLICATION = "serviceops.wsgi.application"
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
                "desk.context_processors.desk",
            ],
        },
    },
]
FORM_RENDERER = "core.widget_markup.PlainMarkup"

# --- data ---------------------------------------------------------------------------------------------------------
_SQLITE: dict[str, Any] = {
    # IMMEDIATE: a transaction that reads and then writes would otherwise fail at once on a stale snapshot.
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32000;PRAGMA temp_store=2;",
}
# Off where a pool gives every transaction another connection (core.server_side).
PREPARE_STATEMENTS = env.bool("DATABASE_PREPARED", default=True)
DATABASES: dict[str, Any] = {"default": env.db("DATABASE_URL", default=f"sqlite:///{HOME / 'serviceops.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = _SQLITE
else:
    DATABASES["default"].update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    if PREPARE_STATEMENTS:
        # One plan for a statement that is kept, whatever its values: else the server may well plan it anew every time.
        _PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0"
        _asked: dict[str, str] = DATABASES["default"].setdefault("OPTIONS", {})
        _asked["options"] = f"{_PLANS} {_asked.get('options', '')}".strip()  # what the address says goes before it
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
_SOCKET = env("VALKEY_SOCKET", default=str(HOME / "run" / "valkey.sock"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or f"unix://{_SOCKET}?db=1",
        "KEY_PREFIX": "serviceops",
    }
}

# --- people who log in --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "desk:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
# The second holds words of packages that bring no Chinese of their own.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
_VENDOR = HOME / "assets" / "vendor"
STATICFILES_DIRS = [BASE_DIR / "assets", *([("lib", _VENDOR)] if _VENDOR.exists() else [])]
STORAGES = {
    # Attachments lie outside the web root and are served only by a view that asks who may see the record.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
# Made in pages by whichever worker comes by: all machines with workers must share these folders.
EXPORTS_FOLDER = HOME / "exports"
# How each form looks: likewise.
GALLERY_FOLDER = HOME / "gallery"
SCANS_FOLDER = HOME / "scans"
BATCHES_FOLDER = HOME / "batches"
# With what forms are printed: regular.ttf and bold.ttf.
FONTS_FOLDER = Path(env("FONTS_FOLDER", default=str(HOME / "assets" / "fonts")))
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- security -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE = env.bool("SERVICEOPS_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "desk.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- work that nobody waits for -----------------------------------------------------------------------------------
# Who looks at a record at present: forgotten within the minute, and nothing depends on it.
PRESENCE_URL = REDIS_URL or f"unix://{_SOCKET}?db=2"
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{_SOCKET}?virtual_host=0"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may run: a message that is still being worked on must not be handed out again.
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 2
CELERY_BEAT_SCHEDULE = {
    # Each run is thrown away when the next is due: a backlog of ticks would only sweep an empty table.
    "sweep deadlines": {"task": "workflow.sweep_deadlines", "schedule": 5.0, "options": {"expires": 5}},
    "drain the outbox": {"task": "workflow.drain_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "recompute deadlines": {"task": "workflow.recompute_deadlines", "schedule": 5.0, "options": {"expires": 5}},
    "fill seats of people who have left": {
        "task": "workflow.fill_vacancies",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "settle days that are over": {"task": "reports.settle", "schedule": crontab(hour="1", minute="40")},
    "check the clocks": {"task": "workflow.check_clocks", "schedule": crontab(hour="3", minute="30")},
    "make exports": {"task": "exports.make", "schedule": 5.0, "options": {"expires": 5}},
    "remove old exports": {"task": "exports.remove_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "print what was finalised": {"task": "documents.freeze", "schedule": 5.0, "options": {"expires": 5}},
    "sweep half-written documents": {"task": "documents.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "read scans": {"task": "scans.read", "schedule": 5.0, "options": {"expires": 5}},
    "clear old scans": {"task": "scans.clear_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "make batches": {"task": "batches.make", "schedule": 5.0, "options": {"expires": 5}},
    "remove old batches": {"task": "batches.remove_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "read JIRA": {"task": "jira.poll", "schedule": 60.0, "options": {"expires": 60}},
    "look for gaps in the roster": {"task": "duty.look_for_gaps", "schedule": 1800.0, "options": {"expires": 1800}},
    # Asked often and cheaply: how often something is gathered is data (knowledge.Rhythm).
    "gather for the knowledge base": {"task": "knowledge.gather", "schedule": 900.0, "options": {"expires": 900}},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- telling people -----------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="service@serviceops.example")

# --- other systems ------------------------------------------------------------------------------------------------
# Hosts on which a JIRA may be set up, and whole origins (http://10.0.0.5:8080) inside the house that may be called.
JIRA_HOSTS: tuple[str, ...] = tuple(env.list("JIRA_HOSTS", default=[]))
WEBHOOK_INTERNAL: tuple[str, ...] = tuple(env.list("WEBHOOK_INTERNAL", default=[]))

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
# A past state is shown, and set again only by whoever types it: a click in a history would pass by every check.
SIMPLE_HISTORY_REVERT_DISABLED = True

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}},
    # A personal link opens its form to whoever has it: its address is in no log.
    "filters": {"links": {"()": "core.masking.WithoutLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"level": "WARNING"},
        "django.request": {"filters": ["links"]},
        "django.security.csrf": {"filters": ["links"]},
        "axes": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
    },
}
