"""A small cast for tests of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from people import seeds
from people.models import Role, User

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person of the staff: `person("wang", "王芳", "trainer", supervisor=boss)`."""
    seeds.seed()

    def make(username: str, name: str = "", *roles: str, **rest: object) -> User:
        made = User.objects.create_user(
            username, f"{username}@example.com", "a-long-password", display_name=name or username, **rest
        )
        made.roles.set(Role.objects.filter(code__in=roles))
        return made

    return make
