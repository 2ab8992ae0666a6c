"""Attachments: to those who may see the record, in a cage of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from core.downloads import caged
from desk.visitors import visitor
from workflow.models import Attachment, Record

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest


@require_GET
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself: shown if a browser can show it without running anything, else handed over for keeping."""
    seen = Record.objects.for_actor(visitor(request))
    found = get_object_or_404(Attachment.objects.filter(record__in=seen), pk=pk)
    return caged(found, keep="keep" in request.GET)
