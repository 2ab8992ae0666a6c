"""The administrators' site, with our own name and look."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class ServiceOpsAdminConfig(AdminConfig):
    """Django's admin behind our own site class."""

    default_site = "serviceops.admin.ServiceOpsAdminSite"
