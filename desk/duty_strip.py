"""On top of every page while the department is closed: who is on duty, and how to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import markup
from desk import acts
from desk.standing import posts
from workflow import registry

if TYPE_CHECKING:
    from desk.standing import Manned
    from people.models import User

ALONE = ("duty_engineer",)
"""The party of an act that belongs to the engineer on duty and to nobody else."""


def strip(user: User) -> SafeString:
    """The calm strip, or nothing during working hours or where no post is kept."""
    if user.is_customer or not (manned := posts(user)):
        return SafeString()
    who = format_html_join("", "<span>{}</span>", ((_who(post),) for post in manned))
    return format_html(
        '<aside class="duty-strip" aria-label="{}">{}<a href="{}">{}</a>{}{}</aside>',
        _("On duty now"),
        markup.icon("moon"),
        reverse("desk:duty"),
        _("Out of hours"),
        who,
        _starts(user),
    )


def _who(post: Manned) -> SafeString:
    if not post.person:
        return format_html("<strong>{}</strong>", _("Nobody is on duty."))
    numbers = format_html_join(
        "", ' <a class="mono" href="tel:{}">{}</a>', ((_dialled(n), n) for n in (post.mobile, post.hotline) if n)
    )
    return format_html("{} <strong><bdi>{}</bdi></strong>{}", _("On duty:"), post.person, numbers)


def _dialled(number: str) -> str:
    return "".join(c for c in number if c.isdigit() or c == "+")


def _starts(user: User) -> SafeString:
    """What only the engineer on duty records."""
    if not getattr(user, "on_duty_now", False):
        return SafeString()
    found = [
        (reverse("desk:new-by", args=[process.kind, verb.code]), markup.icon(verb.icon or "plus"), verb.label)
        for process in registry.all_processes()
        for verb in acts.all_creating(process)
        if verb.by.codes == ALONE
    ]
    return format_html_join("", '<a class="btn btn-small" href="{}">{}{}</a>', found)
