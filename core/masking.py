"""Logs without keys: the address of a personal link opens a form or a decision, so that no line may hold it."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"(/(?:f|decide)/)[^/\s\"'?]+")


class WithoutLinks(logging.Filter):
    """Lets every record pass, with `/f/…` or `/decide/…` in place of the address of a personal link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say it without the link."""
        said = record.getMessage()
        if _LINK.search(said):
            record.msg, record.args = _LINK.sub(r"\1…", said), ()
        request = getattr(record, "request", None)
        if request is not None and _LINK.search(str(getattr(request, "path", ""))):
            record.request = None
        return True
