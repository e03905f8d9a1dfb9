"""The real thing: refuses to start without its secrets; installs neither the demonstration nor a moving clock."""

import base64

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import DATABASES, env


def _keys(name: str) -> dict[str, str]:
    """`1:base64,2:base64` → versions in order, the first one encrypts; each must be 32 bytes."""
    keys = dict(part.split(":", 1) for part in env(name).split(","))
    if any(len(base64.b64decode(key)) != 32 for key in keys.values()):
        raise ImproperlyConfigured(
            f"{name}: every key must be 32 bytes in base64, as version:key,version:key"
        )
    return keys


SECRET_KEY = env("SECRET_KEY")
FIELD_KEYS = _keys("BANGFU_FIELD_KEYS")
INDEX_KEYS = _keys("BANGFU_INDEX_KEYS")
ALLOWED_HOSTS = env.list("BANGFU_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
DATABASES["default"] = env.db_url("DATABASE_URL")
CELERY_BROKER_URL = env("BROKER_URL")
if CELERY_BROKER_URL.startswith("filesystem"):
    raise ImproperlyConfigured("BROKER_URL: production needs Redis")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env("REDIS_URL")}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
SECURE_SSL_REDIRECT = env.bool("BANGFU_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("BANGFU_PROXIES", default=1)  # lock-outs count the visitor's address
