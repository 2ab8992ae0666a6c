"""The manifest of the ticket desk: all that the kernel and the faces need to know of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents.panels import BESIDE_RECORDS
from search.records import RecordSearch
from tickets import forms
from tickets.filtersets import TicketFilters
from tickets.measures import REPORTS
from tickets.models import Ticket
from tickets.notices import NOTICES
from tickets.panels import PANELS
from tickets.portal import PORTAL
from tickets.services import KIND, similar
from tickets.tables import TicketTable
from tickets.views import EMERGENCY, INTAKE, NIGHT
from vault.forms import VAULT_FORMS
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

TICKETS = Process(
    kind=KIND,
    prefix="TK",
    model=Ticket,
    label=_("Ticket"),
    plural=_("Tickets"),
    department="service",
    icon="ticket",
    forms={
        "record": forms.RecordForm,
        "answer_at_once": forms.AnswerAtOnceForm,
        "dispatch": forms.DispatchForm,
        "respond": forms.RespondForm,
        "hand_over": forms.HandOverForm,
        "escalate_to_rd": forms.EscalateToRdForm,
        "return_from_rd": forms.ReturnFromRdForm,
        "wait_for_customer": forms.WaitForCustomerForm,
        "customer_answered": forms.CustomerAnsweredForm,
        "log_contact": forms.LogContactForm,
        "press": forms.PressForm,
        "change_severity": forms.ChangeSeverityForm,
        "correct": forms.CorrectForm,
        "ask_for_details": forms.AskForDetailsForm,
        "resolve": forms.ResolveForm,
        "confirm": forms.ConfirmForm,
        "reopen": forms.ReasonForm,
        "cancel": forms.ReasonForm,
        "add_details": forms.AddDetailsForm,
        "record_emergency": forms.RecordEmergencyForm,
        "tell_by_phone": forms.TellByPhoneForm,
        "tell_by_email": forms.TellByEmailForm,
        "cry_for_help": forms.CryForHelpForm,
        "follow_up": forms.FollowUpForm,
        "merge": forms.MergeForm,
        "take_in": forms.TakeInForm,
        "split": forms.SplitForm,
        **VAULT_FORMS,
        **COMMON_FORMS,
    },
    notices=NOTICES,
    panels=(*PANELS, BESIDE_RECORDS),
    table=TicketTable,
    filterset=TicketFilters,
    intake=INTAKE,
    intakes={"record_emergency": EMERGENCY},
    list_pages=(NIGHT,),
    similar=similar,
    portal=PORTAL,
    search=RecordSearch(),
    reports=REPORTS,
    several=("hand_over", "press", "change_severity", "note", "copy_to"),
)
