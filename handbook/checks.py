"""System checks of the handbook's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Error

from handbook import catalogue, vocabulary
from handbook.sources import HandbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.apps import AppConfig

_SECTIONS: tuple[Callable[[], object], ...] = (
    vocabulary.roles,
    vocabulary.relations,
    vocabulary.outsiders,
    vocabulary.channels,
    vocabulary.issue_types,
    vocabulary.severities,
    vocabulary.contract_kinds,
    vocabulary.licence_stages,
    catalogue.processes,
)
_PLAIN = (
    "contract_forms",
    "editions",
    "acceptance_documents",
    "purchase_modes",
    "trial_reasons",
    "trial_installations",
    "payment_kinds",
)


def handbook_is_sound(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    **kwargs: Any,  # noqa: ARG001 - Django's signature
) -> list[CheckMessage]:
    """Every file can be read, no id comes twice, and whoever a rule names as acting is a role that exists."""
    sections = [*_SECTIONS, *(lambda name=name: vocabulary.terms(name) for name in _PLAIN)]
    found: list[CheckMessage] = []
    for section in sections:
        try:
            section()
        except (HandbookError, KeyError) as error:
            found.append(Error(f"The handbook's data is not sound: {error}", id="handbook.E001"))
    return found
