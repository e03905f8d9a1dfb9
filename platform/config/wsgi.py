"""The WSGI entry point."""

import logging
import os

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
application = get_wsgi_application()
for message in run_checks(tags=["notices"]):
    logging.getLogger("notices").warning(str(message))
