"""What one may do with a record, as buttons; and what one may not, each with its reasons. Made in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import markup
from desk import rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workflow.engine import Offer
    from workflow.flow import Verb
    from workflow.refusals import Reason

_TONES = {"primary": "btn-main", "danger": "btn-risk", "quiet": "btn-bare"}
_BUTTON = '<a class="btn {}" href="{}/" hx-get="{}/" hx-target="#act" data-verb="{}">{}{}</a>'


def allowed(offers: Iterable[Offer]) -> SafeString:
    """A button for each offer that may be done now; its form opens in place, or as a page of its own."""
    return format_html_join(
        "", _BUTTON, ((_TONES.get(v.tone, ""), v.code, v.code, v.code, _icon(v), v.label) for v in _verbs(offers))
    )


def refused(offers: Sequence[Offer]) -> SafeString:
    """Each offer that may not be done now, with all that stands against it."""
    lines = ((_icon(offer.verb), offer.verb.label, reasons(offer.reasons)) for offer in offers)
    return format_html_join(
        "",
        '<li><span><span class="btn btn-small" aria-disabled="true">{}{}</span></span><div>{}</div></li>',
        lines,
    )


def reasons(given: Iterable[Reason]) -> SafeString:
    """What stands against an act: in words, who can supply it, and the rule that asks for it."""
    lines = ((reason.message, _who(reason), rulebook.chip(reason.rule)) for reason in given)
    return format_html('<ul class="reasons">{}</ul>', format_html_join("", "<li>{}{} {}</li>", lines))


def _who(reason: Reason) -> SafeString:
    if not reason.who:
        return SafeString()
    return format_html(' <span class="faint">{}</span>', _("Who can: %(who)s.") % {"who": reason.who})


def _icon(verb: Verb) -> SafeString:
    return markup.icon(verb.icon) if verb.icon else SafeString()


def _verbs(offers: Iterable[Offer]) -> Iterable[Verb]:
    return (offer.verb for offer in offers)
