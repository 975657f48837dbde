"""A POST that is sent twice with one key acts once: the second time it gets the first answer again."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from careloop.faces.api.models import KeptAnswer
from careloop.faces.api.problems import BadIdempotencyKey, IdempotencyKeyBusy, IdempotencyKeyReused

__all__ = ["Promised", "promise_of"]

KEPT_FOR: Final = timedelta(hours=24)
AT_WORK: Final = 0
"""The status of a key whose act calls the world and has not been answered yet."""
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A request that is to act once. request_sha256: of its method, path and body."""

    token_id: int
    key: str
    request_sha256: str
    at: datetime

    def earlier_answer(self) -> HttpResponse | None:
        """Return what the same request was answered before, if it was; hold the key until the transaction ends.

        Raises IdempotencyKeyBusy while the first one is at work, IdempotencyKeyReused for a key of another request.
        """
        self._hold()
        kept = KeptAnswer.objects.filter(token_id=self.token_id, key=self.key, made_at__gt=self.at - KEPT_FOR).first()
        if kept is None:
            return None
        if kept.request_sha256 != self.request_sha256:
            raise IdempotencyKeyReused(
                _("This Idempotency-Key came with a different request before. Use a new key for each act.")
            )
        if kept.status == AT_WORK:
            raise _busy()
        answer = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
        answer["Idempotency-Replayed"] = "true"
        return answer

    def keep(self, answer: HttpResponse) -> None:
        """Keep the answer, in the transaction of its act; keys of more than a day ago are forgotten."""
        self._make(status=answer.status_code, body=answer.content.decode())

    def claim(self) -> None:
        """Keep the key before an act that calls the world: whatever dies meanwhile, it is not done twice within a day."""
        self._make(status=AT_WORK, body="")

    def redeem(self, answer: HttpResponse) -> None:
        """Keep the answer of an act that called the world; of one that was refused nothing is kept."""
        claimed = KeptAnswer.objects.filter(token_id=self.token_id, key=self.key, status=AT_WORK)
        if answer.status_code < 400:
            claimed.update(status=answer.status_code, body=answer.content.decode())
        elif answer.status_code < 500:
            claimed.delete()
        # After a bug of ours nobody knows how far the call went: the key stays taken, and nothing is sent twice.

    def _make(self, *, status: int, body: str) -> None:
        KeptAnswer.objects.filter(token_id=self.token_id, made_at__lte=self.at - KEPT_FOR).delete()
        KeptAnswer.objects.create(
            token_id=self.token_id,
            key=self.key,
            request_sha256=self.request_sha256,
            status=status,
            body=body,
            made_at=self.at,
        )

    def _hold(self) -> None:
        # The lock ends with the transaction, so a crash leaves neither a lock nor half an act.
        name = hashlib.sha256(f"api {self.token_id} {self.key}".encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name[:8], signed=True)])
            (is_held,) = cursor.fetchone()
        if not is_held:
            raise _busy()


def promise_of(request: HttpRequest, *, token_id: int, at: datetime) -> Promised | None:
    """Return what a POST promises by its Idempotency-Key; None without one. Raises BadIdempotencyKey."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey(_("Write an Idempotency-Key of 1 to 200 letters, digits and signs, without spaces."))
    return Promised(token_id=token_id, key=key, request_sha256=_digest(request), at=at)


def _busy() -> IdempotencyKeyBusy:
    return IdempotencyKeyBusy(_("The first request with this Idempotency-Key is still at work. Ask again soon."))


def _digest(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    # The boundary of a form differs each time it is sent; what it carries does not.
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.content_type, file.size)).encode())
            for part in file.chunks():
                digest.update(part)
            file.seek(0)
    return digest.hexdigest()
