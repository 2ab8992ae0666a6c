"""What is asked at the acts on documents."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.forms import Line, Text, VerbForm


class FillForm(VerbForm):
    """Answers by the keys of the form's items, as the filling pages have checked them."""

    values = forms.JSONField(label=_("Answers"), required=False)


class CustomersPartForm(FillForm):
    """The customer's answers, and who has given them."""

    person = Line(label=_("Name"), max_length=60, required=False)


class SignForm(VerbForm):
    """A name under the document."""

    item = Line(label=_("Place on the form"), max_length=40)
    name = Line(label=_("Name"), max_length=60)


class FreezeForm(VerbForm):
    """What was printed."""

    sha256 = Line(label=_("Fingerprint (SHA-256)"), max_length=64)
    pages = forms.IntegerField(label=_("Pages"), min_value=1)


class ReceiveSignedForm(VerbForm):
    """How the signatures came."""

    how = forms.ChoiceField(label=_("How"), choices=(("scan", _("as a scan")), ("online", _("on the screen"))))


class ArchiveForm(VerbForm):
    """Where the paper is kept."""

    archive_no = Line(label=_("Archive number"), max_length=40)
    place = Line(label=_("Place"), max_length=100, required=False)
    box = Line(label=_("Box"), max_length=40, required=False)


class ReasonForm(VerbForm):
    """Why."""

    reason = Text(label=_("Reason"), max_length=2000)
