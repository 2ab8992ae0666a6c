"""The addresses of personal links: the token, and nothing about whom or what it is for."""

from __future__ import annotations

from django.urls import path, register_converter

from core.tokens import PATTERN
from invitations import views


class _Token:
    regex = PATTERN

    def to_python(self, value: str) -> str:
        """The token as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The token as it is."""
        return value


register_converter(_Token, "token")
app_name = "invitations"
urlpatterns = [
    path("<token:token>/", views.fill, name="fill"),
    path("<token:token>/copy/", views.copy, name="copy"),
]
