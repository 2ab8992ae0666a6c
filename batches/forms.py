"""What is asked when a campaign is begun: which form, for whom, how far, and what all documents say alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from batches import asking
from batches.models import Batch
from core import clock
from customers.models import Organisation
from documents import prefill, previews
from forms_templates import filling, versions
from forms_templates.language import CUSTOMER, FILLERS
from forms_templates.spoken import in_words
from people.actors import Actor
from people.models import Region, User
from workflow.forms import Text

if TYPE_CHECKING:
    from forms_templates.filling import FillingForm
    from forms_templates.language import Form

USUAL, LONGEST = 30, 365
"""Days for which a link opens its form."""
_NAMED = 10
_OWNERS = ("account_manager", "senior_account_manager")
GOALS = [(goal.value, goal.label) for goal in (Batch.Goal.PRINT, Batch.Goal.FINAL, Batch.Goal.SEND)]
FILES = [(each.value, each.label) for each in (Batch.Format.PDF, Batch.Format.ZIP)]


class CampaignForm(forms.Form):
    """For whom, how far, and as what it is handed out. What is typed as names decides alone."""

    required_css_class = "required"
    error_css_class = "in-error"

    names = Text(
        label=_("Customers by name"),
        required=False,
        rows=3,
        max_length=200_000,
        help_text=format_lazy(_("One a line, as in the list of customers; at most {most}."), most=asking.MOST),
    )
    region = forms.ModelMultipleChoiceField(
        Region.objects.none(), label=_("Or all of these regions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    account_manager = forms.ModelChoiceField(
        User.objects.none(), label=_("Of this account manager"), required=False, empty_label=_("all")
    )
    in_service = forms.BooleanField(label=_("Only whose service period runs today"), required=False, initial=True)
    goal = forms.ChoiceField(
        label=_("What is to be done"), choices=GOALS, widget=forms.RadioSelect, initial=Batch.Goal.PRINT
    )
    format = forms.ChoiceField(
        label=_("Handed out as"), choices=FILES, widget=forms.RadioSelect, initial=Batch.Format.PDF, required=False
    )
    until = forms.DateField(
        label=_("Links open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where links are sent; a month from today, if nothing is said."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(roles__code__in=_OWNERS, is_active=True).distinct().order_by("display_name")
        self.fields["region"].queryset = Region.objects.order_by("id")  # type: ignore[attr-defined] # a choice of rows
        self.fields["account_manager"].queryset = owners  # type: ignore[attr-defined] # a choice of rows
        self.customers: list[Organisation] = []

    def clean(self) -> dict[str, Any]:
        """Who is meant, and until when."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        self.customers = self._named(said["names"]) if said["names"] else self._filtered(said)
        today = clock.local(clock.now()).date()
        said["until"] = said["until"] or today + timedelta(days=USUAL)
        if not today <= said["until"] <= today + timedelta(days=LONGEST):
            self.add_error("until", _("Choose a day from today on, within a year."))
        if said["goal"] == Batch.Goal.SEND:
            said["format"] = Batch.Format.XLSX
        return said

    def _named(self, text: str) -> list[Organisation]:
        customers, unknown = asking.named(text.splitlines())
        if unknown:
            shown = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
            words = gettext("%(count)s names are no customer's, or several customers': %(names)s")
            self.add_error("names", words % {"count": len(unknown), "names": shown})
        return customers

    def _filtered(self, said: dict[str, Any]) -> list[Organisation]:
        rows = Organisation.objects.filter(active=True)
        if said["region"]:
            rows = rows.filter(region__in=said["region"])
        if said["account_manager"]:
            rows = rows.filter(account_manager=said["account_manager"])
        if said["in_service"]:
            today = clock.local(clock.now()).date()
            begun = Q(service_from__isnull=True) | Q(service_from__lte=today)
            rows = rows.filter(begun, Q(service_to__isnull=True) | Q(service_to__gte=today))
        found = list(rows.order_by("name")[: asking.MOST + 1])
        if not found:
            self.add_error("region", _("No customer is meant by this."))
        return found


class FetchForm(forms.Form):
    """As what documents are handed out."""

    format = forms.ChoiceField(
        label=_("Handed out as"), choices=FILES, widget=forms.RadioSelect, initial=Batch.Format.ZIP
    )


def common_form(form: Form, data: Any = None) -> FillingForm:
    """What all documents of a campaign may say alike, as a web form; nothing of it has to be there."""
    wanted = {item.key for item in asking.common_items(form)}
    sections = tuple(
        replace(section, items=tuple(replace(item, shown_when=None) for item in section.items if item.key in wanted))
        for section in form.sections
    )
    roles = {role for code, names in FILLERS.items() if code != CUSTOMER for role in names} | filling.PUTTING_RIGHT
    return filling.form_for(replace(form, sections=sections), "company", {}, roles=roles, data=data, partial=True)


@dataclass(frozen=True)
class Preview:
    """What a campaign would do: how many, who is left out, what the first document would say, and its look on paper."""

    count: int
    silent: int
    first: Organisation | None
    answers: list[tuple[str, str]]
    paper: str = ""


def preview(user: User, form: Form, campaign: CampaignForm, values: dict[str, Any]) -> Preview:
    """Nothing is made for it."""
    customers = campaign.customers
    sends = campaign.cleaned_data["goal"] == Batch.Goal.SEND
    contacts = asking.first_contacts([row.pk for row in customers], with_mail=sends)
    first = next((row for row in customers if row.pk in contacts), customers[0] if customers else None)
    if first is None:
        return Preview(0, 0, None, [])
    actor, head = Actor(user, channel="web"), versions.letterhead_in_force()
    known = prefill.Known(first, contacts.get(first.pk), None, head, actor, clock.now())
    said = {**prefill.answers(form, known), **values}
    shown = [(item.in_language(), in_words(item, said.get(item.key))) for item in form.items()]
    silent = sum(row.pk not in contacts for row in customers)
    paper = previews.propose(versions.in_force(form.code), head, said, user)
    return Preview(len(customers), silent, first, [(label, words) for label, words in shown if words], paper)
