"""Where JIRA says that an issue has changed. Whoever says so must know the secret, and say it now and once.

JIRA signs the body with the secret (`X-Hub-Signature: sha256=…`), and the body holds the time. What it says about the
issue is not believed: the issue is read from JIRA itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from core.fields import UndecryptableError
from jira import inbound
from jira.models import Connection, Delivery, Issue

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)
LARGEST = 1024 * 1024
WINDOW = timedelta(minutes=5)
"""How old a message may be, and how far the other clock may be ahead."""
_HEADER = "X-Hub-Signature"
_LONGEST_STAMP = 10**14


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Hear that an issue has changed; nothing is told in the answer."""
    connection = Connection.objects.on()
    if connection is None:
        raise Http404
    if _length(request) > LARGEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = request.body
    if not _signed(connection, body, request.headers.get(_HEADER, "")):
        logger.warning("a webhook without JIRA's signature was refused")
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    told = _told(body)
    if not _fresh(told.get("timestamp")):
        logger.warning("a webhook of another time was refused")
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    return HttpResponse(status=_hear(connection, told, hashlib.sha256(body).hexdigest()))


def _length(request: HttpRequest) -> int:
    """How long the body says it is; of one that does not say it, nothing is read. Too long, if it says nonsense."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdigit() and len(told) < len(str(LARGEST)) + 2 else LARGEST + 1


def _signed(connection: Connection, body: bytes, given: str) -> bool:
    """Whether the body bears the secret's signature; compared in constant time. Without a secret nobody is heard."""
    try:
        secret = connection.webhook_secret.reveal()
    except UndecryptableError:
        return False
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode()) and bool(secret)


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _fresh(stamp: Any) -> bool:
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < _LONGEST_STAMP:
        return False
    return abs(clock.now() - datetime.fromtimestamp(stamp / 1000, UTC)) <= WINDOW


def _hear(connection: Connection, told: dict[str, Any], digest: str) -> HTTPStatus:
    issue = told.get("issue")
    remote_id = str(issue.get("id", ""))[:20] if isinstance(issue, dict) else ""
    try:
        with transaction.atomic():
            Delivery.objects.create(digest=digest, at=clock.now())
            known = Issue.objects.filter(connection=connection, remote_id=remote_id).first() if remote_id else None
            if known is not None:
                inbound.ask(known, digest)
    except IntegrityError:
        return HTTPStatus.CONFLICT
    return HTTPStatus.NO_CONTENT if known is not None else HTTPStatus.ACCEPTED
