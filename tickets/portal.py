"""How tickets look to the customer: what is asked, in which words, and how far a state is the customer's business.

Belongs into the manifest as `portal=PORTAL`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.customer_faces import Ask, PortalFace, Standing
from customers.models import Contact, Site
from tickets.flow import BEING_WORKED_ON, State
from tickets.forms.fields import Judged, needed
from tickets.models import Channel, IssueSubtype, IssueType
from workflow.forms import Files, Line, Text, VerbForm
from workflow.widgets import Email, Number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise
    from django.utils.safestring import SafeString

CHANNEL = "portal"
_KINDS_OF_FILE = ".png,.jpg,.jpeg,.gif,.webp,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.zip,.txt,.log,.csv,image/*"


class Pictures(Files):
    """Files, as a phone offers them: the camera, the album, documents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Pictures and files"), **kwargs})
        self.widget.attrs["accept"] = _KINDS_OF_FILE


class _Hindrance(Judged):
    """A severity by its criterion, which says more to a customer than its name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name, and the criterion in full."""
        return format_html("<strong>{}</strong> {}", obj.name, obj.criterion)


class RaiseForm(VerbForm):
    """What a customer writes; who and for whom is known from the login (TKT-01 to TKT-05)."""

    title = Line(label=_("In a few words"), **needed(_("Say in a line what it is about.")))
    body = Text(
        label=_("What happens"),
        rows=5,
        help_text=_("What did you do, what did you expect, and what came instead? Since when, and for whom?"),
        **needed(_("Describe what happens.")),
    )
    severity = _Hindrance(
        label=_("How badly does it hinder you"),
        **needed(_("Choose what fits best; the time for our answer depends on it.")),
    )
    about = forms.ChoiceField(
        label=_("Kind of issue"),
        help_text=_("If you are not sure, choose what comes closest; we put it right."),
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("This cannot be chosen any more. Choose another one."),
        },
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Platform"), required=False, empty_label=_("Not sure, or none of them")
    )
    files = Pictures()  # type: ignore[assignment] # a field: the class takes it off its attributes
    phone = Number(label=_("Phone, to reach you"))
    email = Email(label=_("Email, to reach you"), required=False, max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = Contact.objects.select_related("organisation").filter(user=self.actor.user, active=True).first()
        self.fields["about"].choices = _topics()  # type: ignore[attr-defined]
        if self.contact is not None:
            sites = Site.objects.filter(organisation=self.contact.organisation_id, active=True)
            self.fields["site"].queryset = sites  # type: ignore[attr-defined]
            self.initial.setdefault("phone", self.contact.mobile or self.contact.phone)
            self.initial.setdefault("email", self.contact.email)
        if not self.fields["site"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["site"]


def _topics() -> list[Any]:
    """Types with their subtypes in groups; a type without any stands alone."""
    groups: dict[int, list[tuple[str, str]]] = {}
    for subtype in IssueSubtype.objects.filter(active=True).order_by("position", "id"):
        groups.setdefault(subtype.issue_type_id, []).append((f"subtype-{subtype.pk}", subtype.name))
    topics: list[Any] = [
        (each.name, groups[each.pk]) if each.pk in groups else (f"type-{each.pk}", each.name)
        for each in IssueType.objects.filter(active=True)
    ]
    return [("", gettext("Choose…")), *topics]


def _as_recorded(form: Any) -> dict[str, Any]:
    """What the customer wrote, as the intake's form asks for it; customer and contact are those of the login."""
    said = form.cleaned_data
    level, pk = said["about"].split("-")
    return {
        "customer": form.contact.organisation if form.contact else None,
        "contact": form.contact,
        "channel": Channel.objects.filter(code=CHANNEL).first(),
        "severity": said["severity"],
        "subtype" if level == "subtype" else "issue_type": pk,
        "title": said["title"],
        "body": said["body"],
        "site": said.get("site"),
        "phone": said["phone"],
        "email": said["email"],
    }


class AnswerForm(VerbForm):
    """The answer to what we asked."""

    answer = Text(label=_("Your answer"), **needed(_("Write your answer.")))
    files = Pictures()  # type: ignore[assignment] # a field: the class takes it off its attributes


class MoreForm(VerbForm):
    """What the customer wants to tell beside."""

    text = Text(label=_("What else we should know"), rows=3, **needed(_("Write what is to be added.")))
    files = Pictures()  # type: ignore[assignment] # a field: the class takes it off its attributes


def stars(number: Any) -> SafeString:
    """So many of five stars, for the eye and aloud."""
    count = int(number)
    aloud = ngettext("%(n)s star of 5", "%(n)s stars of 5", count) % {"n": count}
    return format_html(
        '<span class="stars" role="img" aria-label="{}">{}<span class="stars-not">{}</span></span>',
        aloud,
        "★" * count,
        "★" * (5 - count),
    )


def _grades() -> list[tuple[int, str]]:
    words = (
        gettext("very dissatisfied"),
        gettext("dissatisfied"),
        gettext("neither"),
        gettext("satisfied"),
        gettext("very satisfied"),
    )
    return [(n, format_html("{} <span>{}</span>", stars(n), words[n - 1])) for n in (5, 4, 3, 2, 1)]


class RateForm(VerbForm):
    """It is solved, and how satisfied the customer is."""

    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied are you with our help"),
        choices=_grades,
        coerce=int,
        widget=forms.RadioSelect,
        **needed(_("Choose from one to five stars.")),
    )
    comment = Text(label=_("Anything you want to add"), rows=2, required=False)


class AgainForm(VerbForm):
    """It is not solved."""

    reason = Text(label=_("What is still wrong"), rows=3, **needed(_("Say what is still wrong.")))


def _facts(ticket: Any) -> Iterable[tuple[str | Promise, Any]]:
    """Who raised it and who looks after it; a promised time while it is a promise."""
    if ticket.merged_into_id is not None:
        yield _("Goes on as"), _issue_link(ticket.merged_into.number)
    yield _("Raised"), markup.moment(ticket.created_at)
    yield _("Contact"), ticket.contact.name
    yield _("Platform"), ticket.site
    if ticket.is_open and ticket.handler is not None:
        yield _("Looked after by"), str(ticket.handler)
    if ticket.expected_at is not None and ticket.state in BEING_WORKED_ON:
        yield _("Expected to be solved"), markup.moment(ticket.expected_at)


def _issue_link(number: Any) -> SafeString:
    """Another issue of the same organisation."""
    return format_html('<a href="{}">{}</a>', reverse("portal:issue", args=[str(number)]), number)


_WORKED_ON = Standing(
    _("Being worked on"),
    _("We are working on it, and will tell you as soon as there is something to tell."),
    "active",
    2,
)

PORTAL = PortalFace(
    raises=Ask(
        "record",
        RaiseForm,
        label=_("Raise an issue"),
        title=_("Raise an issue"),
        intro=_("Tell us what is wrong or what you need. A picture often says it fastest."),
        done=_("We have received it. Its number is %(number)s; we will be in touch."),
        icon="send",
        said=_as_recorded,
    ),
    acts=(
        Ask(
            "customer_answered",
            AnswerForm,
            label=_("Send the answer"),
            title=_("Your answer"),
            done=_("Thank you: your answer has reached us, and the work goes on."),
            icon="message-reply",
            opens=True,
        ),
        Ask(
            "add_details",
            MoreForm,
            label=_("Add something"),
            title=_("Add something"),
            done=_("Thank you: it has reached us."),
            icon="file-plus",
        ),
        Ask(
            "confirm",
            RateForm,
            label=_("It is solved"),
            title=_("Is it solved?"),
            done=_("Thank you for your answer. The issue is closed."),
            icon="circle-check",
            opens=True,
        ),
        Ask(
            "reopen",
            AgainForm,
            label=_("Take it up again"),
            title=_("It is not solved"),
            done=_("We take it up again and will be in touch."),
            icon="refresh",
        ),
    ),
    steps=(_("Received"), _("Assigned"), _("Being worked on"), _("Solved"), _("Closed")),
    standings={
        State.RECORDED: Standing(_("Received"), _("We have it, and are choosing who will look after it."), "new", 0),
        State.DISPATCHED: Standing(
            _("Assigned"), _("Somebody has been given it and will get in touch with you."), "active", 1
        ),
        State.IN_PROGRESS: _WORKED_ON,
        State.WITH_RD: _WORKED_ON,  # who works on it inside the house is not the customer's concern
        State.WAITING_CUSTOMER: Standing(
            _("Waiting for you"), _("We need something from you to go on. Please answer below."), "aside", 2, yours=True
        ),
        State.RESOLVED: Standing(
            _("Solved: please confirm"),
            _("We think that it is solved. Please tell us whether it is."),
            "nearly",
            3,
            yours=True,
        ),
        State.CLOSED: Standing(
            _("Closed"), _("It is solved and closed. You can still have it taken up again."), "done", 4
        ),
        State.CANCELLED: Standing(_("Withdrawn"), _("It is not pursued any further."), "void"),
        State.MERGED: Standing(
            _("Goes on elsewhere"), _("It is the same as another issue of yours, and we go on with it there."), "void"
        ),
    },
    heads={
        "record": _("Issue raised"),
        "record_emergency": _("Emergency raised"),
        "tell_by_email": _("How it stands"),
        "answer_at_once": _("Our answer"),
        "respond": _("We have got in touch"),
        "wait_for_customer": _("We ask you"),
        "ask_for_details": _("We ask you for details"),
        "customer_answered": _("Your side's answer"),
        "add_details": _("Details added"),
        "resolve": _("Solved"),
        "confirm": _("Confirmed"),
        "close_unanswered": _("Closed, as no answer came"),
        "reopen": _("Taken up again"),
        "cancel": _("Withdrawn"),
        "merge": _("Goes on in another issue"),
        "take_in": _("Another issue of yours goes on here"),
        "split": _("A part goes on as an issue of its own"),
    },
    labels={
        "title": _("Title"),
        "body": _("What happens"),
        "contacted_by": _("By way of"),
        "way": _("How we will solve it"),
        "asked": _("What we ask"),
        "answer": _("Answer"),
        "text": _("Details"),
        "summary": _("What we tell you"),
        "method": _("What was done"),
        "satisfaction": _("Satisfaction"),
        "comment": _("Comment"),
        "merged_into": _("Goes on as"),
        "merged": _("Number"),
    },
    values={"satisfaction": stars, "merged_into": _issue_link, "merged": _issue_link},
    facts=_facts,
    related=("contact", "site", "handler"),
)

__all__ = ("PORTAL",)
