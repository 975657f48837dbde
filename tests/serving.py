"""The whole house on a real port, for tests that look at it from outside."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.core.asgi import get_asgi_application

__all__ = ["PATIENCE_SECONDS", "serving"]

PATIENCE_SECONDS = 15


@contextmanager
def serving(port: int = 0) -> Iterator[int]:
    """Serve the house from a thread of this process, and say on which port: a free one unless given."""
    config = uvicorn.Config(
        # Not the one of config.asgi, which would have this whole process share its connections.
        get_asgi_application(),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)
