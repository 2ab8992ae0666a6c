"""The forms of the vault's acts. A password is closed as soon as it is read, and is never shown again in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from core.fields import Secret
from customers.models import Site
from vault.acts import RECORD, REVEAL
from vault.models import Access, Firewall, LoginMethod
from workflow.forms import Line, VerbForm

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_NOW = _("The vault cannot take it: its keys are not in order. Nothing was kept; please tell an administrator.")


class SecretLine(forms.CharField):
    """One line that leaves this field encrypted. Whatever is wrong elsewhere, it must be typed anew."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "new-password", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.PasswordInput(render_value=False, attrs=attrs))
        super().__init__(max_length=200, strip=False, **kwargs)

    @sensitive_variables()
    def clean(self, value: Any) -> Secret:
        """The closed secret. Raises ValidationError, which never repeats what was typed."""
        text = super().clean(value)
        try:
            return Secret.of(text)
        except ImproperlyConfigured as error:
            raise forms.ValidationError(NOT_NOW, code="keys") from error


def _needed(message: Any) -> dict[str, Any]:
    return {"required": False, "error_messages": {"required": message}}


class RecordAccessForm(VerbForm):
    """OFH-04: address, user name, password, login method and firewall; or those that are on file."""

    secret = ("password",)
    known = forms.ModelChoiceField(
        Access.objects.none(),
        label=_("On file"),
        required=False,
        empty_label=_("None of these: new ones"),
        help_text=_("If these are chosen, nothing else is needed."),
    )
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Platform"), required=False)
    address = Line(label=_("IP address or domain"), **_needed(_("Ask for the address of the platform (OFH-04).")))
    username = Line(label=_("User name"), max_length=100, **_needed(_("Ask for the user name (OFH-04).")))
    password = SecretLine(label=_("Password"), **_needed(_("Ask for the password (OFH-04).")))
    login_method = forms.ChoiceField(
        label=_("Login method"),
        choices=[("", "—"), *LoginMethod.choices],
        **_needed(_("Say how one logs in (OFH-04).")),
    )
    firewall = forms.ChoiceField(
        label=_("Firewall"),
        choices=[("", "—"), *Firewall.choices],
        **_needed(_("Say whether there is a firewall (OFH-04).")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer = self.record.customer_id
        self.fields["known"].queryset = Access.objects.of(customer)  # type: ignore[attr-defined]
        self.fields["site"].queryset = Site.objects.filter(organisation=customer, active=True)  # type: ignore[attr-defined]
        self.fields["username"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """The details on file, or all five of the new ones."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("known") is not None:
            return {"known": said["known"]}
        for name in ("address", "username", "password", "login_method", "firewall"):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return {name: value for name, value in said.items() if name != "known"}


class RevealAccessForm(VerbForm):
    """OFH-05: what the password is needed for."""

    reason = Line(
        label=_("What you need the password for"),
        help_text=_("It stands in the log, and the customer's account manager is told."),
        error_messages={"required": _("Say what you need the password for (OFH-05).")},
    )


VAULT_FORMS: Mapping[str, type[VerbForm]] = {RECORD: RecordAccessForm, REVEAL: RevealAccessForm}
"""What a process that declares the vault's verbs puts into its manifest."""
