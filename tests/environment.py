"""Loaded before anything of Django: tests never touch the house they stand beside."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="careloop-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)

os.environ["DJANGO_SETTINGS_MODULE"] = "careloop.config.settings"
os.environ["CARELOOP_HOME"] = _home
os.environ["PUBLIC_URL"] = "http://127.0.0.1:8000"
os.environ["SECRET_KEY"] = "a secret for tests only, long enough to pass"
os.environ["EMAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
# Tests on another server name it here; the address in DATABASE_URL would otherwise be taken for a house's own.
os.environ["DATABASE_URL"] = "postgresql://unset:unset@127.0.0.1:1/unset"
# Playwright's loop runs in the tests' own thread; Django would take every query after it for one inside a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
