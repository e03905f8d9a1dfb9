"""The real thing: refuses to start without its secrets; installs neither the demonstration nor a moving clock."""

import base64
import binascii

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import DATABASES, env

SHORTEST_SECRET = 50
REDIS = ("redis", "rediss")


def required(name: str) -> str:
    """A setting production cannot do without."""
    value: str = env(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name}: production needs it; .env.example says what it is")
    return value


def keys(name: str) -> dict[str, str]:
    """`2:base64,1:base64` → versions in order, the first one seals; each must be 32 bytes."""
    found: dict[str, str] = {}
    for part in required(name).split(","):
        version, _, key = part.strip().partition(":")
        if not version.isalnum() or not version.isascii() or version in found or not fits(key):
            raise ImproperlyConfigured(
                f"{name}: every key must be 32 bytes in base64, as version:key,version:key, each version once"
            )
        found[version] = key
    return found


def fits(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def redis(name: str) -> str:
    address = required(name)
    if address.partition("://")[0] not in REDIS:
        raise ImproperlyConfigured(f"{name}: production needs Redis, as redis://host:6379/0")
    return address


SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < SHORTEST_SECRET:
    raise ImproperlyConfigured(f"SECRET_KEY: at least {SHORTEST_SECRET} random characters are needed")
FIELD_KEYS = keys("BANGFU_FIELD_KEYS")
INDEX_KEYS = keys("BANGFU_INDEX_KEYS")
ALLOWED_HOSTS = [host.strip() for host in required("BANGFU_ALLOWED_HOSTS").split(",") if host.strip()]
if not ALLOWED_HOSTS or any(set(host) <= set("*.") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("BANGFU_ALLOWED_HOSTS: name the hosts the site answers to, not every host")
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]
required("DATABASE_URL")
if "postgresql" not in DATABASES["default"].get("ENGINE", "") or not DATABASES["default"].get("NAME"):
    raise ImproperlyConfigured(
        "DATABASE_URL: production needs PostgreSQL, as postgres://user:password@host/database"
    )
CELERY_BROKER_URL = redis("BROKER_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis("REDIS_URL")}
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
required("EMAIL_URL")
try:
    EMAIL_CONFIG = env.email_url("EMAIL_URL")
except (ImproperlyConfigured, KeyError, ValueError):
    raise ImproperlyConfigured("EMAIL_URL: write it as smtp+tls://user:password@host:587") from None
vars().update(EMAIL_CONFIG)
SECURE_SSL_REDIRECT = env.bool("BANGFU_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("BANGFU_PROXIES", default=1)  # lock-outs count the visitor's address
