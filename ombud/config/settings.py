"""Django's settings, all from the environment: env.py says which variables there are."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from ombud.config import database, env, logs

try:
    ENV = env.read()
except env.Unfit as no:
    raise ImproperlyConfigured(str(no)) from None


def present(path: str) -> list[str]:
    """The dotted path, if the module that it leads into is there."""
    return [path] if find_spec(path.rpartition(".")[0]) else []


IS_TEST = ENV.env == "test"
DEBUG = False
SECRET_KEY = "only for tests" if IS_TEST else ENV.key()
SECRET_KEY_FALLBACKS = [key for key in ENV.secret_key_fallbacks.split(",") if key]
DATA = ENV.folder
FILES = ENV.files or DATA / "files"

# Doors
WEB_URL, PUSH_URL = ENV.web_url, ENV.push_url
ALLOWED_HOSTS = sorted({*ENV.hosts.split(","), str(urlsplit(WEB_URL).hostname)})
CSRF_TRUSTED_ORIGINS = [WEB_URL]
CSRF_FAILURE_VIEW = "ombud.desk.refusals.forged"
ROOT_URLCONF = "ombud.config.urls"
WSGI_APPLICATION = "ombud.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django_htmx",
    "ombud.desk",
    "ombud.agreements",
    "ombud.inquiries",
    "ombud.orders",
    "ombud.orders.engagements",
    "ombud.servicecases",
    "ombud.signing",
    "ombud.sync",
    "ombud.cases",
    "ombud.people",
    "ombud.eid",
    "ombud.post",
    "ombud.ui",
]
MIDDLEWARE = [
    "ombud.config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ombud.config.csp.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ombud.people.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *present("ombud.people.middleware.ActorMiddleware"),
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    *present("ombud.desk.middleware.RefusalMiddleware"),
    "ombud.desk.refusals.HatMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "ombud.desk.frame.context",
    "ombud.people.flashes.messages",
]
TEMPLATES = [
    {
        "BACKEND": "ombud.ui.tongues.Tongues",
        "NAME": "jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "ombud.ui.engine.environment",
            "context_processors": PROCESSORS,
        },
    },
    {  # for the pages that libraries bring and Ombud does not replace
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PROCESSORS},
    },
]

# The database: app's role; only tests know the owner's too
DATABASE_URL = ENV.database_url or database.cluster_of(DATA).url()
DATABASE_DIRECT_URL = ENV.database_direct_url or DATABASE_URL
IS_POOLED = DATABASE_DIRECT_URL != DATABASE_URL
DATABASES = {"default": database.as_django(DATABASE_URL, pooled=IS_POOLED)}
if IS_TEST and ENV.owner_url:
    DATABASES["owner"] = database.as_django(ENV.owner_url)
DISABLE_SERVER_SIDE_CURSORS = IS_POOLED
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {  # limits of attempts are shared by all processes
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if IS_TEST:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# People
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
if IS_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "ombud.people.login.Adapter"
ACCOUNT_SESSION_REMEMBER = False  # a login ends with the browser
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,60/h/ip,5/5m/key,20/h/key",
    "bankid_login": "60/m/ip",
    "oidc_login": "60/m/ip",
    "passkey": "60/m/ip",
    "reset_password": "20/h/ip,5/h/key",
    "apply": "120/h/ip",
    "register": "30/h/ip",
    "whose_administrator": "60/h/ip",
    "verify_account": "60/h/ip,10/h/key",
    "inquiry": "600/m/ip,120/m/key",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # whoever has no account gets no letter from us
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "ombud.people.resets.Tokens"
MFA_ADAPTER = "ombud.people.account.mfa.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # else a passkey would be no more than a thing found
MFA_TOTP_TOLERANCE = 1  # of thirty seconds, for phones whose clock differs
CONFIRM_PROGRAMS = ENV.confirm_programs
CONFIRMED_MINUTES = 10  # how long a strong proof counts for what asks for a fresh one
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
SESSION_ENGINE = (present("ombud.people.sessions.SessionStore") and "ombud.people.sessions") or (
    "django.contrib.sessions.backends.db"
)
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

# Words and days
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")]
LOCALE_PATHS = [env.HERE / "ombud/locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
CLOCK = str(ENV.clock_file or "")

# Static files, under hashed names once the launcher has collected them
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_MAX_AGE = 60
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = IS_TEST
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "ombud.config.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The world outside
EMAIL_HOST, EMAIL_PORT = ENV.smtp_host, ENV.smtp_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.smtp_user, ENV.smtp_password
EMAIL_USE_TLS = ENV.smtp_tls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.mail_from
BANKID_URL, BANKID_SIGN_ROOT = ENV.bankid_url, str(ENV.bankid_sign_root or "")
BANKID_CA, BANKID_CERT = str(ENV.bankid_ca or ""), str(ENV.bankid_cert or "")
BANKID_KEY = str(ENV.bankid_key or "")
OIDC = ENV.oidc
SMS_URL, SMS_USER, SMS_PASSWORD = ENV.sms_url, ENV.sms_user, ENV.sms_password
SMS_SENDER = ENV.sms_sender
AGILOFT_URL, AGILOFT_OAUTH_URL = ENV.agiloft_url, ENV.agiloft_oauth_url
AGILOFT_KB, AGILOFT_LOGIN, AGILOFT_PASSWORD = (
    ENV.agiloft_kb,
    ENV.agiloft_login,
    ENV.agiloft_password,
)
AGILOFT_CLIENT, AGILOFT_CLIENT_SECRET = ENV.agiloft_client, ENV.agiloft_client_secret
SANDBOX_URL = ENV.sandbox_url

# Whom to ask when something has gone wrong
SUPPORT = {
    "name": ENV.support_name,
    "phone": ENV.support_phone,
    "email": ENV.support_email,
    "hours": ENV.support_hours,
}

# Dotted paths, not functions: settings are read before there are models.
SIGNED_DEEDS = {
    f"order.{deed}": f"ombud.orders.actions.{deed}" for deed in ("approve", "reject", "attest")
} | {
    "agreement.sign": "ombud.agreements.actions.sign",
    "engagement.attest": "ombud.orders.engagements.actions.attest",
    "inquiry.sign": "ombud.inquiries.actions.sign",
}

# What mirrors repairs in a linked system, by dotted path, so that servicecases never calls beside
# itself: "status" (case) tells whether both say the same, "chosen" (case, side, by) hears where it
# goes on, "said_of" (verb) words what happened to the mirroring.
REPAIR_LINK = {name: f"ombud.inquiries.outside.{name}" for name in ("status", "chosen", "said_of")}

# For which scopes roles are given: by a dotted path too, so that people never calls up.
SCOPES = "ombud.desk.words.scopes_of"

# Headers
IS_HTTPS = WEB_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.proxied else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

LOGGING_CONFIG = None
logs.write_to_stderr(ENV.log_level)
