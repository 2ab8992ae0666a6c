"""Customers and their contacts that can be found, by name, pinyin initials, number and address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from customers.models import Contact, Organisation
from search.models import forget, put
from search.writing import Told, document

if TYPE_CHECKING:
    from search.models import Document

CUSTOMER, CONTACT = "customer", "contact"


@receiver(post_save, sender=Organisation, dispatch_uid="search.organisation")
def organisation_saved(instance: Organisation, *, created: bool, **kwargs: Any) -> None:  # noqa: ARG001 - Django's signature
    """Write the customer anew; one that has left is found no more, and neither are its people."""
    if not instance.active:
        forget(CUSTOMER, instance.pk)
        forget_people(instance)
        return
    put([organisation_row(instance)])
    if not created:
        put(contact_row(contact) for contact in instance.contacts.filter(active=True))


@receiver(post_save, sender=Contact, dispatch_uid="search.contact")
def contact_saved(instance: Contact, **kwargs: Any) -> None:  # noqa: ARG001 - Django's signature
    """Write the contact anew; one that has left is found no more."""
    if instance.active and instance.organisation.active:
        put([contact_row(instance)])
    else:
        forget(CONTACT, instance.pk)


@receiver(post_delete, sender=Organisation, dispatch_uid="search.organisation_gone")
@receiver(post_delete, sender=Contact, dispatch_uid="search.contact_gone")
def gone(sender: type[Any], instance: Any, **kwargs: Any) -> None:  # noqa: ARG001 - Django's signature
    """What is deleted is found no more."""
    forget(CUSTOMER if sender is Organisation else CONTACT, instance.pk)


def forget_people(organisation: Organisation) -> None:
    """Take the customer's contacts out of the index."""
    from search.models import Document

    Document.objects.filter(kind=CONTACT, organisation=organisation).delete()


def organisation_row(organisation: Organisation) -> Document:
    """The row of a customer."""
    names = (organisation.name, organisation.short_name, organisation.name_en)
    heading = " · ".join(dict.fromkeys(filter(None, names)))
    text = "\n".join(filter(None, (organisation.city, organisation.address)))
    told = Told(heading, text, called=names[:2])
    return document(CUSTOMER, organisation.pk, told, organisation_id=organisation.pk)


def contact_row(contact: Contact) -> Document:
    """The row of a contact."""
    ways = (contact.title, contact.mobile, contact.phone, contact.fax, contact.email)
    told = Told(contact.name, "\n".join(filter(None, ways)), called=(contact.name,))
    return document(CONTACT, contact.pk, told, organisation_id=contact.organisation_id)
