"""Pages and API: the application that web processes serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
application = get_wsgi_application()
