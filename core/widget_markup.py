"""The markup of form inputs, made in Python: Django fills a template for every option of every choice.

What comes out is what Django's own templates give (a test compares the two); inputs that are not known here still go
through those. In settings as FORM_RENDERER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from core.markup import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Widget = Mapping[str, Any]

_PLACE = "django/forms/widgets/"


class PlainMarkup(DjangoTemplates):
    """Renders the common inputs without a template."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The markup of a widget, or of anything else that forms render."""
        draw = _DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)
        return mark_safe(draw(context["widget"]))  # noqa: S308 - every value is escaped where it is put in


def _attributes(attrs: Widget) -> str:
    said = []
    for name, value in attrs.items():
        if value is True:
            said.append(f" {escaped(name)}")
        elif value is not False:
            said.append(f' {escaped(name)}="{escaped(str(value))}"')
    return "".join(said)


def _input(widget: Widget) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{escaped(str(value))}"'
    name = escaped(widget["name"])
    return f'<input type="{escaped(widget["type"])}" name="{name}"{said}{_attributes(widget["attrs"])}>'


def _textarea(widget: Widget) -> str:
    value = escaped(str(widget["value"])) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escaped(group)}">')
        parts.extend(
            f'<option value="{escaped(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{escaped(option['label'])}</option>"
            for option in options
        )
        if group:
            parts.append("</optgroup>")
    return "".join([*parts, "</select>"])


def _choices(widget: Widget) -> str:
    frame = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
    parts = [f"<div{_attributes(frame)}>"]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f"<div><label>{escaped(group)}</label>")
        parts.extend(f"<div>{_choice(option)}</div>" for option in options)
        if group:
            parts.append("</div>")
    return "".join([*parts, "</div>"])


def _choice(option: Widget) -> str:
    if not option["wrap_label"]:
        return _input(option)
    key = option["attrs"].get("id")
    target = f' for="{escaped(str(key))}"' if key else ""
    return f"<label{target}>{_input(option)} {escaped(option['label'])}</label>"


_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{
        f"{_PLACE}{name}.html": _input
        for name in ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox")
    },
    f"{_PLACE}textarea.html": _textarea,
    f"{_PLACE}select.html": _select,
    f"{_PLACE}radio.html": _choices,
    f"{_PLACE}checkbox_select.html": _choices,
}
