"""What is asked at the acts on documents, and what the gate accepts of answers, whoever brings them."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Organisation
from documents import answers, recorded, signing, words
from documents.models import Document, Original, Signature
from documents.states import SIGNED_HOW
from forms_templates import catalogue, versions
from forms_templates.language import FILLERS
from workflow.beside import acting_beside
from workflow.forms import Files, Line, Moment, Text, VerbForm
from workflow.models import Record
from workflow.widgets import Found, Typeahead

if TYPE_CHECKING:
    from forms_templates.language import Form, Item

MAX_IMAGE = 300_000
"""Bytes of a drawn signature."""
_PNG = b"\x89PNG\r\n\x1a\n"


class IssueForm(VerbForm):
    """Of which form a document is begun, about what and for whom."""

    form = forms.ChoiceField(label=_("Form"), error_messages={"required": _("Choose the form.")})
    customer = Found(
        Organisation.objects.filter(active=True),
        label=_("Customer"),
        names=("name", "short_name"),
        widget=Typeahead("customers"),
        required=False,
    )
    contact = Found(
        Contact.objects.filter(active=True),
        label=_("Contact"),
        names=("name",),
        widget=Typeahead("contacts", narrowed_by="customer", eager=True),
        required=False,
    )
    about = forms.ModelChoiceField(Record.objects.none(), label=_("About"), required=False, widget=forms.HiddenInput)
    replaces = forms.ModelChoiceField(
        Document.objects.none(), label=_("In place of"), required=False, widget=forms.HiddenInput
    )
    values = forms.JSONField(required=False, widget=forms.HiddenInput)
    secret = ("values",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose…")),
            *((form.code, f"{form.code} {form.title.in_language()}") for form in self._offered()),
        ]
        user = self.actor.user
        for name, model in (("about", Record), ("replaces", Document)):
            # Beside an act of the record, the gate has let the person act there.
            beside = acting_beside(self.record)
            seen = model.objects.all() if user is None or beside else model.objects.for_actor(user)
            self.fields[name].queryset = seen  # type: ignore[attr-defined]

    def _offered(self) -> list[Form]:
        """Every form, but those that a record alone is printed with: these are begun beside an act of it."""
        return [form for form in catalogue.forms() if not form.about or acting_beside(self.record)]

    def clean(self) -> dict[str, Any]:
        """Whose affair it is, and answers that the form has places for."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        about, code = said["about"], said["form"]
        customer = said["customer"] or (about.customer if about is not None else None)
        if customer is None:
            raise forms.ValidationError(_("Name the customer whose affair it is."))
        if about is not None and recorded.is_vouched(about.kind, code) and not acting_beside(self.record):
            raise forms.ValidationError(_("This form is filled in by its record alone and printed from there."))
        contact = self._contact(said["contact"], about, customer)
        given = said["values"] or {}
        self._check(versions.in_force(code).definition, given)
        return {**said, "customer": customer, "contact": contact, "values": given}

    def _contact(self, contact: Contact | None, about: Record | None, customer: Organisation) -> Contact | None:
        if contact is None and about is not None:
            contact = getattr(about.concrete, "contact", None)
        if contact is not None and contact.organisation_id != customer.pk:
            raise forms.ValidationError({"contact": _("This contact is another customer's.")})
        return contact or customer.contacts.filter(active=True).first()

    def _check(self, form: Form, given: Any) -> None:
        if not isinstance(given, dict):
            raise forms.ValidationError(_("Answers are given by the places of the form."))
        # Nobody gives another's opinion by beginning the document with it.
        open_to = {item.key for item in form.items() if item.kind != "approval"}
        if faults := list(answers.faults(form, given, open_to)):
            raise forms.ValidationError(faults)


class FillForm(VerbForm):
    """Answers by the keys of the form's items; what of them is written on the timeline is where they stand."""

    values = forms.JSONField(label=_("Answers"))
    answered = Line(label=_("Filled in"), required=False, widget=forms.HiddenInput)
    secret = ("values",)

    def _may(self, document: Document) -> set[str] | None:
        user = self.actor.on_behalf_of or self.actor.user
        if document.is_recorded:
            return set()
        return None if user is None else answers.open_to(document, user)

    def clean_values(self) -> dict[str, Any]:
        """Answers of the right shape, in places that are the writer's to fill in."""
        document: Any = self.record
        given = self.cleaned_data["values"]
        if not isinstance(given, dict):
            raise forms.ValidationError(_("Answers are given by the places of the form."))
        if faults := list(answers.faults(document.definition, given, self._may(document))):
            raise forms.ValidationError(faults)
        return given

    def clean(self) -> dict[str, Any]:
        """Name the places that have another answer now."""
        said: dict[str, Any] = super().clean() or {}
        document: Any = self.record
        given = said.get("values") or {}
        changed = [
            i for i in document.definition.items() if i.key in given and given[i.key] != document.values.get(i.key)
        ]
        return {**said, "answered": words.Said(changed) if changed else ""}


class CustomersPartForm(FillForm):
    """The customer's answers, and who has given them."""

    person = Line(label=_("Name"), max_length=60, required=False)
    files = Files()  # type: ignore[assignment] # a field: the class takes it off its attributes

    def _may(self, document: Document) -> set[str]:
        return answers.customers(document.definition)


class SignForm(VerbForm):
    """A name under the document, typed or drawn, and from where; the timeline says in which place."""

    item = forms.ChoiceField(label=_("Place on the form"))
    name = Line(label=_("Name"), max_length=60, error_messages={"required": _("Write your name.")})
    how = forms.ChoiceField(label=_("How"), choices=Signature.How.choices, widget=forms.HiddenInput)
    image = forms.CharField(required=False, max_length=MAX_IMAGE * 4 // 3 + 4, widget=forms.HiddenInput)
    address = forms.GenericIPAddressField(required=False, widget=forms.HiddenInput)
    contact = forms.ModelChoiceField(Contact.objects.all(), required=False, widget=forms.HiddenInput)
    place = Line(label=_("Place on the form"), required=False, widget=forms.HiddenInput)
    secret = ("item", "image", "address", "contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].initial = Signature.How.TYPED
        user = self.actor.on_behalf_of or self.actor.user
        if user is not None:
            self.fields["name"].initial = str(user)
        places: Any = self.fields["item"]
        places.choices = [(item.key, item.in_language()) for item in self._places()]
        places.error_messages["invalid_choice"] = self._why_not()

    def _places(self) -> list[Item]:
        """Where this person may sign on the screen."""
        document: Any = self.record
        if document.is_recorded:
            return []
        items = (item for item in document.definition.items() if item.kind == "signature" and item.online)
        return [item for item in items if self._is_theirs(item)]

    def _why_not(self) -> str:
        document: Any = self.record
        asked = str(self.data.get("item", ""))
        found = next((each for each in document.definition.items() if each.key == asked), None)
        if found is None or found.kind != "signature" or not found.online:
            return str(_("Nobody signs on the screen in this place."))
        return str(_("“%(item)s” is signed by: %(who)s.")) % {"item": found.in_language(), "who": words.fillers(found)}

    def _is_theirs(self, item: Item) -> bool:
        user = self.actor.on_behalf_of or self.actor.user
        if user is None or user.is_customer:
            return item.party == "customer"
        return any(user.has_role(role) for code in item.fillers for role in FILLERS[code])

    def clean_image(self) -> str:
        """A drawing is a PNG."""
        image: str = self.cleaned_data["image"]
        try:
            drawn = b64decode(image, validate=True)
        except (NotBase64, ValueError) as error:
            raise forms.ValidationError(_("The drawing could not be read. Please draw it again.")) from error
        if drawn and not drawn.startswith(_PNG):
            raise forms.ValidationError(_("The drawing could not be read. Please draw it again."))
        return image

    def clean(self) -> dict[str, Any]:
        """What is said to be drawn, is there; the place by its name."""
        said: dict[str, Any] = super().clean() or {}
        if "item" in said:
            said["place"] = words.Said([next(each for each in self._places() if each.key == said["item"])])
        if said.get("how") == Signature.How.DRAWN and "image" in said and not said["image"]:
            self.add_error("image", _("Draw your signature."))
        return said


class FreezeForm(VerbForm):
    """What was printed: the fingerprint and pages of the master; `prints` are all that are kept."""

    sha256 = forms.RegexField(r"[0-9a-f]{64}", label=_("Fingerprint (SHA-256)"))
    pages = forms.IntegerField(label=_("Number of pages"), min_value=1)
    prints = forms.Field()
    secret = ("prints",)


class ReceiveSignedForm(VerbForm):
    """How the signatures came."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=SIGNED_HOW,
    )
    note = Line(label=_("Note"), required=False)
    files = Files(label=_("Scan of the signed pages"))  # type: ignore[assignment] # as above

    def clean_how(self) -> str:
        """On the screen only if everybody has signed there."""
        how: str = self.cleaned_data["how"]
        document: Any = self.record
        if how == "online" and not signing.signed_on_screen(document):
            left = words.named(signing.missing(document)) or str(_("a seal on paper"))
            raise forms.ValidationError(_("Not everybody has signed on the screen: %(items)s."), params={"items": left})
        return how


class HandOverForm(VerbForm):
    """Which original goes to whom, and where it is then (ACC-12)."""

    copy = forms.TypedChoiceField(label=_("Original"), coerce=int)
    to = Line(label=_("Given to"), max_length=60, error_messages={"required": _("Say to whom it is given.")})
    place = Line(label=_("Place"), max_length=100, required=False)
    received_at = Moment(label=_("Received"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.record
        holders = {holder.key: holder.in_language() for holder in document.definition.holders}
        originals = Original.objects.filter(document=document.pk)
        self.fields["copy"].choices = [  # type: ignore[attr-defined]
            (each.copy, _("No. %(copy)s – %(holder)s") % {"copy": each.copy, "holder": holders.get(each.holder, "")})
            for each in originals
        ]

    def clean_received_at(self) -> Any:
        """Now, unless another moment is named; never one to come."""
        moment = self.cleaned_data["received_at"] or self.at
        if moment > self.at:
            raise forms.ValidationError(_("This moment lies in the future."))
        return moment


class ArchiveForm(VerbForm):
    """Where the paper is kept."""

    archive_no = Line(
        label=_("Archive number"), max_length=40, error_messages={"required": _("Give the archive number.")}
    )
    archive_place = Line(label=_("Place"), max_length=100, required=False)
    archive_box = Line(label=_("Box"), max_length=40, required=False)

    def clean_archive_no(self) -> str:
        """A number of its own."""
        number: str = self.cleaned_data["archive_no"]
        others = Document.objects.filter(archive_no=number).filter(~Q(pk=self.record.pk))
        if other := others.first():
            raise forms.ValidationError(_("This is the number of %(number)s."), params={"number": other.number})
        return number


class ReasonForm(VerbForm):
    """Why."""

    reason = Text(label=_("Reason"), max_length=2000, rows=2, error_messages={"required": _("Say why.")})


class ChaseForm(VerbForm):
    """What was said when somebody asked for the original."""

    note = Text(label=_("Note"), max_length=2000, rows=2, required=False)


class SupersedeForm(VerbForm):
    """Which document stands in its place now."""

    by = Line(label=_("Replaced by"), max_length=24)
