"""Mail: text and simple HTML, marked as sent by a machine, threaded by record, with an id that a repeat shares."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from core import clock
from core.text import clean_line
from notifications.channels.base import PermanentFailureError, TemporaryFailureError

if TYPE_CHECKING:
    from notifications.channels.base import Parcel

_LONGEST_SUBJECT = 180
_PERMANENT = 500
_REST = timedelta(minutes=1)
_resting_until: dict[str, datetime] = {}
"""When a mail server that could not be reached is tried again, so that the worker does not wait for it mail by mail."""


class EmailChannel:
    """Mail through Django's mail backend."""

    def send(self, parcel: Parcel) -> None:
        """Send one mail. Raises PermanentFailureError for an address that is refused, else TemporaryFailureError."""
        if _resting_until.get(settings.EMAIL_HOST, clock.now()) > clock.now():
            msg = "the mail server could not be reached a moment ago"
            raise TemporaryFailureError(msg)
        mail = self.compose(parcel)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _failure(code, text) from None
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            _resting_until[settings.EMAIL_HOST] = clock.now() + _REST
            msg = f"the mail server: {type(error).__name__}"
            raise TemporaryFailureError(msg) from None

    @staticmethod
    def compose(parcel: Parcel) -> EmailMultiAlternatives:
        """The mail. Raises PermanentFailureError for what is no address."""
        try:
            validate_email(parcel.address)
        except ValidationError as error:
            msg = "this is not a mail address"
            raise PermanentFailureError(msg) from error
        with override(parcel.language):
            subject = _subject(parcel)
            context = {
                "messages": parcel.messages,
                "more": parcel.more,
                "language": parcel.language,
                "subject": subject,
                "outside": not parcel.messages[0].path,
            }
            text = render_to_string("notifications/mail.txt", context)
            page = render_to_string("notifications/mail.html", context)
        mail = EmailMultiAlternatives(subject, text, to=[parcel.address], headers=_headers(parcel))
        mail.attach_alternative(page, "text/html")
        return mail


def message_id(key: str) -> str:
    """The Message-ID of a sending: the same for every try."""
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{_domain()}>"


def _headers(parcel: Parcel) -> dict[str, str]:
    headers = {
        "Message-ID": message_id(parcel.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if not parcel.digest:
        # What belongs to one record stands together in the mail program.
        headers["References"] = message_id(f"thread:{parcel.messages[0].thread}")
    return headers


def _subject(parcel: Parcel) -> str:
    if not parcel.digest:
        return clean_line(parcel.messages[0].title)[:_LONGEST_SUBJECT]
    return ngettext("%(count)d notice", "%(count)d notices", parcel.count) % {"count": parcel.count}


def _failure(code: int, text: bytes | str) -> PermanentFailureError | TemporaryFailureError:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    what = f"{code} {clean_line(said)}"
    return PermanentFailureError(what) if code >= _PERMANENT else TemporaryFailureError(what)


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
