"""Logs without keys: the address of a personal link opens a form, so that no line may hold it."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"(/f/)[^/\s\"'?]+")


class WithoutLinks(logging.Filter):
    """Lets every record pass, with `/f/…` in place of the address of a personal link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say it without the link."""
        said = record.getMessage()
        if "/f/" in said:
            record.msg, record.args = _LINK.sub(r"\1…", said), ()
        request = getattr(record, "request", None)
        if request is not None and "/f/" in str(getattr(request, "path", "")):
            record.request = None
        return True
