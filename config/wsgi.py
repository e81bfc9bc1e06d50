"""The WSGI application that gunicorn serves."""

import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
if not settings.PUBLIC_URL:
    # Not only a check: an address that is missing would be missing for ever on quotes issued meanwhile.
    raise ImproperlyConfigured("Set the PUBLIC_URL environment variable: the portal's address, as customers type it.")
# What is loaded by now stays: Python need not look through it whenever it looks for rubbish. That took one page in a
# hundred a tenth of a second.
gc.collect()
gc.freeze()
