"""`manage.py rotate_vault`: encrypt every stored secret with the first of FIELD_KEYS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.fields import SecretField, UndecryptableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models


class Command(BaseCommand):
    """Put a new key first in FIELD_KEYS, run this, then take the old key out.

    All secrets of the house are renewed, keys of robots and gateways too: they share one mechanism.
    """

    help = "Encrypt every stored secret with the first of FIELD_KEYS, so that older keys can be taken out."

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew row by row. Raises CommandError if some secret's key is gone; all the others are renewed."""
        renewed, lost = 0, []
        for model, names in _secretive():
            for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
                try:
                    renewed += _renew(model, pk, names)
                except UndecryptableError:
                    lost.append(f"{model._meta.label} {pk}")
                except ImproperlyConfigured as error:
                    raise CommandError(str(error)) from error
        self.stdout.write(f"{renewed} secrets are encrypted with the first key.")
        if lost:
            raise CommandError(f"The key of these is not among FIELD_KEYS: {', '.join(lost)}")


def _secretive() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Every table with secrets, and their columns."""
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields if isinstance(field, SecretField)]
        if names:
            yield model, names


@transaction.atomic
def _renew(model: type[models.Model], pk: Any, names: list[str]) -> int:
    """Renew one row under its lock: what somebody changes meanwhile is not written over."""
    row = model._default_manager.select_for_update().filter(pk=pk).values(*names).first() or {}
    fresh = {name: secret.renewed() for name, secret in row.items() if secret}
    if fresh:
        model._default_manager.filter(pk=pk).update(**fresh)
    return len(fresh)
