"""Group robots by their documented webhooks: WeCom's by its key, DingTalk's with a signed time stamp.

Both take a Markdown message by POST and answer `{"errcode": 0}`. Neither knows a key against repeats, so each message
names the record and the moment. What customers typed cannot call people out (`<@all>`), link or colour: the signs by
which Markdown does so are shown full width.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core import clock
from core.fields import UndecryptableError
from core.text import clean_line
from notifications.channels import http
from notifications.channels.base import PermanentFailureError, TemporaryFailureError
from notifications.models.gateways import Robot

if TYPE_CHECKING:
    from datetime import datetime

    from core.fields import Secret
    from notifications.channels.base import Channel, Parcel
    from notifications.rendering import Message

_WECOM_BYTES = 4096
_DINGTALK_BYTES = 18_000
_DIGEST_LINES = 15
_LONGEST_LINE = 200
_SERVER = 500
_OK = 200
_WECOM_TOO_MANY = 45009
_WECOM_NO_SUCH_ROBOT = 93000
_DINGTALK_TOO_MANY = {130101, 410100}
_DINGTALK_NO_SUCH_ROBOT = {300001, 400101, 400102}
_DINGTALK_SHUTS_OUT_FOR = timedelta(minutes=10)
_PLAIN = str.maketrans("<>[]`*@#", "＜＞［］｀＊＠＃")


def channel_of(robot: Robot) -> Channel:
    """The way to a robot's group."""
    return WeComChannel(robot) if robot.service == Robot.Service.WECOM else DingTalkChannel(robot)


class _RobotChannel:
    """What both services have in common."""

    def __init__(self, robot: Robot) -> None:
        self.robot = robot

    def send(self, parcel: Parcel) -> None:
        """Post it. Raises PermanentFailureError where it can never succeed, TemporaryFailureError else."""
        try:
            url = self.address(clock.now())
            with override(parcel.language):
                payload = json.dumps(self.payload(parcel), ensure_ascii=False).encode()
            answer = http.post_json(url, payload, parcel.key)
        except UndecryptableError as error:
            msg = "the robot's keys cannot be decrypted; enter them anew"
            raise TemporaryFailureError(msg) from error
        except http.RefusedAddressError as error:
            msg = f"the robot's address is refused: {error}"
            raise PermanentFailureError(msg) from error
        if answer.status != _OK:
            msg = f"the robot's service answered {answer.status}"
            raise TemporaryFailureError(msg)
        self.judge(answer.json())

    def address(self, at: datetime) -> str:  # noqa: ARG002 - a signed address needs the time
        """Where to post."""
        webhook: Secret = self.robot.webhook
        return webhook.reveal()

    def payload(self, parcel: Parcel) -> dict[str, Any]:
        """What to post."""
        raise NotImplementedError

    def judge(self, answer: dict[str, Any]) -> None:
        """Take an answer for what it means."""
        raise NotImplementedError


class WeComChannel(_RobotChannel):
    """WeCom (企业微信): `{"msgtype": "markdown", "markdown": {"content": …}}`, at most 4096 bytes."""

    def payload(self, parcel: Parcel) -> dict[str, Any]:
        """The message as WeCom takes it."""
        return {"msgtype": "markdown", "markdown": {"content": cut(text_of(parcel), _WECOM_BYTES)}}

    def judge(self, answer: dict[str, Any]) -> None:
        """45009 is too many in a minute, 93000 an address that is none."""
        code = answer.get("errcode", "no errcode")
        if code == 0:
            return
        if code == _WECOM_NO_SUCH_ROBOT:
            msg = f"WeCom knows no such robot ({code})"
            raise PermanentFailureError(msg)
        msg = f"WeCom answered {code}"
        raise TemporaryFailureError(msg, timedelta(minutes=1) if code == _WECOM_TOO_MANY else None)


class DingTalkChannel(_RobotChannel):
    """DingTalk (钉钉): a title and Markdown; signed with HMAC-SHA256 over the time stamp and the secret."""

    def address(self, at: datetime) -> str:
        """The webhook with time stamp (milliseconds) and signature, where a secret is set."""
        url, secret = super().address(at), self.robot.sign_secret.reveal()
        if not secret:
            return url
        stamp = int(at.timestamp() * 1000)
        return f"{url}{'&' if '?' in url else '?'}timestamp={stamp}&sign={quote_plus(signature(stamp, secret))}"

    def payload(self, parcel: Parcel) -> dict[str, Any]:
        """The message as DingTalk takes it; nobody is called out."""
        text = cut(text_of(parcel), _DINGTALK_BYTES)
        return {
            "msgtype": "markdown",
            "markdown": {"title": plain(parcel.messages[0].title), "text": text.replace("\n", "\n\n")},
            "at": {"isAtAll": False},
        }

    def judge(self, answer: dict[str, Any]) -> None:
        """Too many in a minute shut the robot out for ten."""
        code = answer.get("errcode", "no errcode")
        if code == 0:
            return
        if code in _DINGTALK_NO_SUCH_ROBOT:
            msg = f"DingTalk knows no such robot ({code})"
            raise PermanentFailureError(msg)
        msg = f"DingTalk answered {code}"
        raise TemporaryFailureError(msg, _DINGTALK_SHUTS_OUT_FOR if code in _DINGTALK_TOO_MANY else None)


def signature(stamp: int, secret: str) -> str:
    """DingTalk's signature of a time stamp in milliseconds."""
    return base64.b64encode(hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()).decode()


def plain(text: str) -> str:
    """One line of somebody's text in which Markdown finds nothing to act on."""
    return clean_line(text)[:_LONGEST_LINE].translate(_PLAIN)


def text_of(parcel: Parcel) -> str:
    """The message in Markdown: one notice with its lines, or the list of a digest. In the active language."""
    if not parcel.digest:
        message = parcel.messages[0]
        lines = [f"> {plain(line)}" for line in message.lines]
        return "\n".join([f"**{_mark(message)}{plain(message.title)}**", *lines, _link(message)])
    count = parcel.count
    head = ngettext("%(count)d notice", "%(count)d notices", count) % {"count": count}
    lines = [f"- {_mark(m)}{plain(m.title)} {_link(m)}" for m in parcel.messages[:_DIGEST_LINES]]
    if count > _DIGEST_LINES:
        lines.append(_("… and %(count)d more") % {"count": count - _DIGEST_LINES})
    return "\n".join([f"**{head}**", *lines])


def _mark(message: Message) -> str:
    urgent = _("urgent")
    return f"【{urgent}】" if message.urgent else ""


def _link(message: Message) -> str:
    words = _("Open the record")
    return f"[{words}]({message.url}) {clock.local(message.at):%m-%d %H:%M}"


def cut(text: str, most: int) -> str:
    """The text within a number of bytes, cut between lines where it is too long."""
    kept: list[str] = []
    left = most
    for line in text.split("\n"):
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join(kept)
