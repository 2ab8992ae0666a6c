"""The small pieces of a page that both faces show, for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from core import markup

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite."""
    return markup.icon(name, css)


@register.filter
def moment(at: datetime | None) -> SafeString:
    """A point in time on the department's clock."""
    return markup.moment(at)


@register.filter
def change(code: str) -> str:
    """What a row of a history tells: that its object came, changed or went."""
    words = {
        "+": _("Made"),
        "~": _("Altered"),
        "-": _("Deleted"),
    }
    return words.get(code, code)


@register.filter
def portrayed(value: Any) -> Any:
    """A value as a history keeps it; django-simple-history takes what was empty for something deleted."""
    return "–" if value in (None, "", "[]") or str(value).endswith("(pk=None)") else value


@register.filter
def size(count: int) -> str:
    """A number of bytes as people read it."""
    if count < 1024:  # noqa: PLR2004 - a kilobyte
        return f"{count} B"
    return f"{count / 1024:.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
