"""Every setting of an installation, read from the environment; `.env.example` lists them with a line each."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from careloop.config.databases import databases
from careloop.config.env import env_bool, env_int, env_list, env_secret, env_text
from careloop.config.secret import installation_secret

BASE_DIR = Path(__file__).resolve().parent.parent
CARELOOP_HOME = Path(env_text("CARELOOP_HOME", "var")).resolve()

# Where people reach this installation. Anything but this machine itself counts as production.
PUBLIC_URL = env_text("PUBLIC_URL", f"http://127.0.0.1:{env_int('PORT', 8000)}").rstrip("/")
# Where `careloop up` listens: on this machine only, unless a proxy on another one asks.
BIND_ADDRESS = env_text("BIND_ADDRESS", "127.0.0.1")
PORT = env_int("PORT", 8000, least=1)
_public = urlsplit(PUBLIC_URL)
IS_PRODUCTION = _public.hostname not in {"127.0.0.1", "localhost", "::1"}

DEBUG = env_bool("DEBUG", default=False)
if DEBUG and IS_PRODUCTION:
    raise ImproperlyConfigured("DEBUG shows internals to strangers; switch it off, or serve on 127.0.0.1.")
if IS_PRODUCTION and _public.scheme != "https" and not env_bool("ALLOW_PLAIN_HTTP", default=False):
    raise ImproperlyConfigured("PUBLIC_URL must begin with https://, or set ALLOW_PLAIN_HTTP=yes to accept the risk.")

SECRET_KEY = installation_secret(given=env_secret("SECRET_KEY"), home=CARELOOP_HOME, is_production=IS_PRODUCTION)
# By this mark the house knows its own mail when it comes back.
LOOP_MARK = hashlib.sha256(f"loop {SECRET_KEY}".encode()).hexdigest()[:16]
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [str(_public.hostname), *env_list("ALLOWED_HOSTS")]
if not IS_PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

DATABASES = databases(
    owner_url=env_secret("DATABASE_URL"),
    serving_url=env_secret("SERVING_DATABASE_URL"),
    secret=SECRET_KEY,
    home=CARELOOP_HOME,
)
# A serving role that somebody made by hand is left as it is; otherwise `careloop migrate` makes and refreshes it.
HAS_PRIVATE_DATABASE = not env_secret("DATABASE_URL")
HAS_OWN_SERVING_ROLE = bool(env_secret("SERVING_DATABASE_URL"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BLOB_ROOT = CARELOOP_HOME / "blobs"
LAKE_ROOT = Path(env_text("LAKE_ROOT", str(CARELOOP_HOME / "lake"))).resolve()

DOMAINS = [
    "exports",
    "reports",
    "invoices",
    "boards",
    "integrity",
    "wallboards",
    "procedures",
    "tasks",
    "automation",
    "webhooks",
    "commitments",
    "supervision",
    "workforce",
    "chats",
    "calls",
    "cases",
    "contacts",
    "queues",
    "conversations",
    "telephony",
    "channels",
    "sign_ins",
    "customers",
    "notifications",
    "files",
    "calendars",
    "people",
    "workspaces",
]
INSTALLED_APPS = [
    # First, so that its templates for sign-in stand before allauth's own.
    "careloop.faces.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "careloop.ui",
    *(f"careloop.domains.{name}" for name in DOMAINS),
    "careloop.kernel",
    "careloop.processes",
    "careloop.faces.portal",
    "careloop.faces.api",
    "careloop.faces.inbound",
    "careloop.faces.cli",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "careloop.faces.portal.hosts.PortalHostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "careloop.faces.web.middleware.SessionNotesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "careloop.faces.web.middleware.PersonalSettingsMiddleware",
    "careloop.faces.web.middleware.WorkspaceMiddleware",
    "axes.middleware.AxesMiddleware",
]

# A thing and what is done to it share an address: /cases/7 and /cases/7/replies.
SILENCED_SYSTEM_CHECKS = ["urls.W002"]
ROOT_URLCONF = "careloop.config.urls"
ASGI_APPLICATION = "careloop.config.asgi.application"
_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "careloop.faces.web.context.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "careloop.ui.templatetags.ui",
                "careloop.ui.templatetags.components",  # behind Cotton's own tags, one of which it replaces
            ],
        },
    }
]
# Cotton looks for components in templates/cotton of each app.
COTTON_DIR = "cotton"
COTTON_ISOLATE_BY_DEFAULT = True

# -- People and sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "careloop.domains.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reached the address before the account existed
ACCOUNT_ADAPTER = "careloop.faces.web.adapters.AccountAdapter"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's mailbox is not ours to write to
ACCOUNT_RATE_LIMITS = {"invitation": "30/m/ip"}
ACCOUNT_FORMS = {
    "login": "careloop.faces.web.access.account_forms.SignInForm",
    "reset_password": "careloop.faces.web.access.account_forms.ResetPasswordForm",
    "reset_password_from_key": "careloop.faces.web.access.account_forms.NewPasswordForm",
    "change_password": "careloop.faces.web.access.account_forms.ChangePasswordForm",
    "reauthenticate": "careloop.faces.web.access.account_forms.ConfirmPasswordForm",
}
MFA_FORMS = {
    "authenticate": "careloop.faces.web.access.account_forms.CodeForm",
    "reauthenticate": "careloop.faces.web.access.account_forms.ConfirmCodeForm",
    "activate_totp": "careloop.faces.web.access.account_forms.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Careloop"
MFA_ADAPTER = "careloop.faces.web.adapters.MFAAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "careloop.faces.web.adapters.axes_username"
AXES_LOCKOUT_CALLABLE = "careloop.faces.web.adapters.locked_out"
AXES_VERBOSE = False

# -- Browser safety --------------------------------------------------------------------------------------------------
_is_https = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; docs/how-to/tls.md
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31536000 if _is_https else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
ATTACHMENT_BYTES_LIMIT = env_int("ATTACHMENT_MB_LIMIT", 50, least=1) * 1024 * 1024
API_REQUESTS_PER_MINUTE = env_int("API_REQUESTS_PER_MINUTE", 600, least=1)
# Webhooks into the network that this installation stands in: only where it shall tell systems of its own intranet.
ALLOW_PRIVATE_WEBHOOKS = env_bool("ALLOW_PRIVATE_WEBHOOKS", default=False)
CACHES = {
    # Rate limits must count across processes; a table does, process memory does not.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        # Django's own limit of 300 entries would let a flood push its own count out.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # What only spares this process a question to the database.
    "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}

# -- Languages and time ----------------------------------------------------------------------------------------------
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("zh-hans", _("Chinese")), ("vi", _("Vietnamese"))]
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "careloop_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["careloop.config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# -- Assets ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Built files carry a hash in their names and never change under one.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/static/built/.+-[A-Za-z0-9_-]{8,}\.[a-z]+$"

# -- Mail that the house itself sends to its people (invitations, password resets, notices) ----------------------------
EMAIL_BACKEND = env_text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env_text("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", f"careloop@{_public.hostname}")

# -- Work ------------------------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_DATABASE_ALIAS = "default"
# Worker processes that `careloop up` runs; they share all work.
WORKERS = env_int("WORKERS", 2, least=1)
# Processes that answer browsers; one keeps one core busy.
WEB_PROCESSES = env_int("WEB_PROCESSES", 1, least=1)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "careloop.config.logs.FactsFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
