"""Pages and API: the application that web processes serve."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  what the first request would read is read now
gc.collect()
gc.freeze()  # it stays until the process ends: a page need not wait while it is gone through again
