"""The addresses of personal links: the token, and nothing about whom or what it is for."""

from __future__ import annotations

from django.urls import path

from core import tokens  # noqa: F401 - what a token looks like in an address
from invitations import views

app_name = "invitations"
urlpatterns = [
    path("<token:token>/", views.fill, name="fill"),
    path("<token:token>/copy/", views.copy, name="copy"),
]
