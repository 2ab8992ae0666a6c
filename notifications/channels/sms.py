"""Text messages: through the provider that an administrator has set up; a demonstration writes them to the log."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import ngettext, override

from core.fields import UndecryptableError
from core.text import clean_line, fold
from notifications.channels import http
from notifications.channels.base import PermanentFailureError, TemporaryFailureError
from notifications.models.gateways import SmsGateway

if TYPE_CHECKING:
    from notifications.channels.base import Channel, Parcel

logger = logging.getLogger(__name__)
_LONGEST = 200
_NUMBER = re.compile(r"\+?[0-9]{6,20}")
_OK, _BAD_REQUEST, _TOO_MANY, _SERVER = 200, 400, 429, 500


def channel() -> Channel:
    """The provider that is switched on; the log in a demonstration. Raises PermanentFailureError for none of them."""
    gateway = SmsGateway.objects.filter(active=True).first()
    if gateway is not None:
        return GatewayChannel(gateway)
    if getattr(settings, "DEMO", False):
        return LogChannel()
    msg = "no text message gateway is switched on"
    raise PermanentFailureError(msg)


def text_of(parcel: Parcel) -> str:
    """What is said: the title, or how many there are."""
    if not parcel.digest:
        return clean_line(parcel.messages[0].title)[:_LONGEST]
    count = parcel.count
    with override(parcel.language):
        return ngettext("%(count)d notice, the first: %(title)s", "%(count)d notices, the first: %(title)s", count) % {
            "count": count,
            "title": clean_line(parcel.messages[0].title)[: _LONGEST - 40],
        }


def with_link(text: str, parcel: Parcel) -> str:
    """The text with the address that is its reader's own, whole, behind it; only one message leads anywhere."""
    first = parcel.messages[0]
    if parcel.digest or not first.led:
        return text
    return f"{text[: max(0, _LONGEST - len(first.url) - 1)]} {first.url}"


def number_of(address: str) -> str:
    """A number as providers take it. Raises PermanentFailureError for what is none."""
    number = re.sub(r"[\s\-()]", "", fold(address))
    if not _NUMBER.fullmatch(number):
        msg = "this is not a mobile number"
        raise PermanentFailureError(msg)
    return number


class LogChannel:
    """Says in the log what would have been sent; only the end of the number is shown, and no link."""

    def send(self, parcel: Parcel) -> None:
        """Write a line."""
        logger.info("text message to …%s: %s", number_of(parcel.address)[-4:], text_of(parcel))


class GatewayChannel:
    """A provider spoken to by HTTP, as its template says."""

    def __init__(self, gateway: SmsGateway) -> None:
        self.gateway = gateway

    def send(self, parcel: Parcel) -> None:
        """Post it. Raises PermanentFailureError where the request is refused, TemporaryFailureError else."""
        signature = f"【{self.gateway.signature}】" if self.gateway.signature else ""
        try:
            values = {
                "mobile": number_of(parcel.address),
                "text": signature + with_link(text_of(parcel), parcel),
                "key": parcel.key,
                "secret": self.gateway.secret.reveal(),
            }
            answer = http.post_json(self.gateway.url, http.filled_json(self.gateway.body, values), parcel.key)
        except UndecryptableError as error:
            msg = "the gateway's key cannot be decrypted; enter it anew"
            raise TemporaryFailureError(msg) from error
        except http.RefusedAddressError as error:
            msg = f"the gateway's address is refused: {error}"
            raise PermanentFailureError(msg) from error
        if _BAD_REQUEST <= answer.status < _SERVER and answer.status != _TOO_MANY:
            msg = f"the gateway refused it: {answer.status}"
            raise PermanentFailureError(msg)
        if not _OK <= answer.status < _OK + 100:
            msg = f"the gateway answered {answer.status}"
            raise TemporaryFailureError(msg)
