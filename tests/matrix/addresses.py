"""Every address that the project answers at, filled with somebody else's record; none can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

FINDERS = ("customers", "contacts", "sites", "people", "records", "anything", "similar", "no-such-thing")
ASKED = {"desk:search", "desk:find", "desk:list", "desk:customers", "desk:people", "portal:home"}
"""Addresses that take words to look for: they are asked once without and once with them."""


@dataclass(frozen=True)
class Address:
    """One address: its name with what stands in it, and the path."""

    name: str
    path: str


class Drawn(str):
    """A value that chance draws: another in every run, even where no digit shows it."""

    __slots__ = ()


class UnknownParameterError(LookupError):
    """An address has a parameter for which the matrix knows no value: tell it one, so that the page is tried."""


def addresses(values: dict[str, list[Any]], asked: str) -> list[Address]:
    """Every address. `values` gives what to put for parameters, by `name param` or by `param` alone.

    `asked` is the query with which those that look for something are asked besides.
    """
    found: list[Address] = []
    for name, pattern in _patterns(get_resolver(), ""):
        if name.startswith("admin:"):
            continue
        parameters = list(pattern.pattern.converters)
        for chosen in product(*(_values_of(name, parameter, values) for parameter in parameters)):
            filled = dict(zip(parameters, chosen, strict=True))
            told = " ".join([name, *(str(value) for value in chosen if _telling(value))])
            path = reverse(name, kwargs=filled)
            found.append(Address(told, path))
            if name in ASKED:
                found.append(Address(f"{told} looking", f"{path}?{asked}"))
    return [*found, *_administration()]


def _patterns(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry, inner)
        elif entry.name:
            yield f"{space}{entry.name}", entry


def _values_of(name: str, parameter: str, values: dict[str, list[Any]]) -> list[Any]:
    for key in (f"{name} {parameter}", parameter):
        if key in values:
            return values[key]
    raise UnknownParameterError(name, parameter)


def _telling(value: Any) -> bool:
    """Whether a value says something that is the same in every run."""
    return isinstance(value, str) and not isinstance(value, Drawn) and not any(letter.isdigit() for letter in value)


def _administration() -> Iterator[Address]:
    """The administration's pages: its list of each table, and its form for a new row."""
    yield Address("admin:index", reverse("admin:index"))
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label_lower):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield Address(f"{name} list", reverse(f"{name}_changelist"))
        yield Address(f"{name} new", reverse(f"{name}_add"))
        first = model._default_manager.order_by("pk").first()
        if first is not None:
            yield Address(f"{name} row", reverse(f"{name}_change", args=[first.pk]))


def verbs() -> list[str]:
    """The verbs of every process, and one that there is not."""
    flows: list[Any] = [process.model for process in registry.all_processes()]
    return [*dict.fromkeys(code for flow in flows for code in flow.verbs), "no-such-verb"]
