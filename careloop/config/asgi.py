"""The ASGI entry: `uvicorn careloop.config.asgi:application`."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from careloop.config.databases import share_among_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careloop.config.settings")

share_among_requests(settings.DATABASES["default"])
application = get_asgi_application()
