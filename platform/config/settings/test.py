"""The suite's profile: fixed keys, a clock that can move, mail in memory, fast password hashing."""

import base64

from config.settings.base import *
from config.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
SECRET_KEY = "for-tests-only"  # noqa: S105 — guards nothing
FIELD_KEYS = {"1": base64.b64encode(b"t" * 32).decode()}
INDEX_KEYS = {"1": base64.b64encode(b"i" * 32).decode()}
CLOCK_CAN_MOVE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
AXES_ENABLED = True
