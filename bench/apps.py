"""Django's entry for the benchmarks."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenchConfig(AppConfig):
    """Measuring; nothing of it is routed outside `bench.settings`."""

    name = "bench"
    verbose_name = _("Benchmarks")
