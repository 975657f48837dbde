"""The ASGI entry: `uvicorn careloop.config.asgi:application`."""

import os
import warnings
from multiprocessing import parent_process

from django.conf import settings
from django.core.asgi import get_asgi_application

from careloop.config.databases import share_among_requests
from careloop.faces.cli.supervision import end_with_parent
from careloop.processes.measuring.lakes import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careloop.config.settings")

# WhiteNoise hands out styles and scripts, which are small, as plain iterators; what is large is streamed (kernel/streaming.py).
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
if parent_process() is not None:
    # One of several web processes: none outlives the one that started them, and keeps its port.
    end_with_parent()
share_among_requests(settings.DATABASES["default"])
application = get_asgi_application()
warm()
