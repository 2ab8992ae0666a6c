"""The product's addresses, and the bare page; routed by `bench.settings` only."""

from __future__ import annotations

from django.urls import path

from bench.views import bare
from serviceops.urls import handler400, handler403, handler404, handler500
from serviceops.urls import urlpatterns as product

urlpatterns = [path("bench/bare/", bare), *product]

__all__ = ("handler400", "handler403", "handler404", "handler500", "urlpatterns")
