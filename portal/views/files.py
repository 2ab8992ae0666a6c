"""Attachments: those that customers may see, of their own organisation's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from core.downloads import caged
from portal.guests import visitor
from portal.lists import seen_by
from workflow.models import Attachment

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest


@require_GET
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself; whatever is internal or another's is not there."""
    own = Attachment.objects.filter(record__in=seen_by(visitor(request)), public=True)
    return caged(get_object_or_404(own, pk=pk), keep="keep" in request.GET)
