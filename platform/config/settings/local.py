"""One machine, fictional people: the demonstration, a clock that can move, keys made on the spot."""

from config.settings.base import *
from config.settings.base import INSTALLED_APPS, VAR_DIR
from config.settings.local_keys import local_key

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
SECRET_KEY = local_key(VAR_DIR, "secret")
FIELD_KEYS = {"1": local_key(VAR_DIR, "field")}
INDEX_KEYS = {"1": local_key(VAR_DIR, "index")}
CLOCK_CAN_MOVE = True
COUNTY_PHONE = "000-0000000"  # nobody's
DEBUG = False
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
