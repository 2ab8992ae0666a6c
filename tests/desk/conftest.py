from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User


@pytest.fixture
def browser_of(cast: object) -> Callable[[User], Client]:
    """A browser in which somebody is logged in, reading English, so that tests can name words."""

    def open_browser(user: User) -> Client:
        type(user).objects.filter(pk=user.pk).update(language="en")
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser
