"""The forms of the roster: a shift, an exchange of shifts, and the answer to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from duty.models import ON_DUTY_ROLE, Post, Shift
from people.models import User
from workflow.forms import Line, Moment

if TYPE_CHECKING:
    from datetime import datetime


class ShiftForm(forms.ModelForm[Shift]):
    """Who mans which post from when until when; the model says what cannot be, each at its field."""

    starts_at = Moment(label=_("From"))
    ends_at = Moment(label=_("Until"))

    class Meta:
        model = Shift
        fields = ("post", "engineer", "starts_at", "ends_at", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        engineers = User.objects.holding(ON_DUTY_ROLE).order_by("display_name", "pk")
        self.fields["engineer"].queryset = engineers  # type: ignore[attr-defined]
        posts = Post.objects.filter(active=True)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        if (first := posts.first()) is not None and not self.is_bound:
            self.initial.setdefault("post", first.pk)


class SwapForm(forms.Form):
    """A shift of one's own, the colleague who is asked to take it, and why."""

    required_css_class = "required"
    shift = forms.ModelChoiceField(Shift.objects.none(), label=_("My shift"))
    of = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))
    in_return = forms.ModelChoiceField(
        Shift.objects.none(), label=_("In return for"), required=False, help_text=_("A coming shift of that colleague.")
    )
    reason = Line(label=_("Reason"), error_messages={"required": _("Say why you cannot take it.")})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        now: datetime = clock.now()
        coming = Shift.objects.filter(ends_at__gt=now).select_related("engineer", "post").order_by("starts_at")
        colleagues = User.objects.holding(ON_DUTY_ROLE).exclude(pk=user.pk).order_by("display_name", "pk")
        for name, rows in (
            ("shift", coming.filter(engineer=user)),
            ("of", colleagues),
            ("in_return", coming.exclude(engineer=user)),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Why the shift cannot be taken."""

    answer = Line(label=_("Why not"), error_messages={"required": _("Say why not.")})
