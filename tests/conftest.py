"""What all tests share: held clocks, quiet brokers, real processes and a real browser."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache

from core import clock, collector
from tests.support import migrated
from tests.support.processes import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest_plugins = ["tests.cast", "tests.night", "tests.paper"]

# A machine that is busy with something else is no finding, and what CI tries is the same each time: a run that failed
# can be repeated. Whoever looks for more runs with HYPOTHESIS_PROFILE=default.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

REAL = {"real_clock", "stage", "live_server", "stand", "page"}
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure() -> None:
    """Settings that tests need otherwise than the product: plain static files, a cache and a broker of the process."""
    from serviceops.celery import app

    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django_settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    app.conf.update(broker_url="memory://", broker_connection_retry_on_startup=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that nothing long begins last; browsers come when nothing runs beside them.

    All is loaded by now: the collector of garbage need not look through it after every few tests.
    """
    collector.calm()
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, not item.get_closest_marker("slow")))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Where several processes test, their databases are copies of one that is migrated already."""
    migrated.begin_with(django_settings.DATABASES["default"])


@pytest.fixture(autouse=True)
def _no_test_hears_of_another() -> None:
    """What a process that lives on would know, of a database that is gone: counted, kept, found to be away."""
    from desk import presence
    from documents import definitions
    from notifications.channels import email
    from reports.boards import RECENT
    from workflow import kick, terms

    cache.clear()
    RECENT.clear()
    terms._stored.clear()
    definitions.of.cache_clear()
    email._resting_until.clear()
    presence._away_until.clear()
    kick._away_until = 0.0


@pytest.fixture
def held_clock() -> Iterator[Callable[[datetime], Any]]:
    """Hold the clock at Monday 2 March 2026, 10:00 in Shanghai; call the fixture's value to move it."""
    stack: list[Any] = []

    def hold(moment: datetime) -> datetime:
        if stack:
            stack.pop().__exit__(None, None, None)
        held = clock.held(moment)
        held.__enter__()
        stack.append(held)
        return moment

    hold(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    yield hold
    stack.pop().__exit__(None, None, None)


@pytest.fixture
def real_clock() -> None:
    """For a test of the clock itself."""


@pytest.fixture(autouse=True)
def _the_clock_is_held(request: pytest.FixtureRequest) -> None:
    """No test's answer depends on the day it runs; only real processes and browsers go by the real clock."""
    if not REAL & set(request.fixturenames) and request.node.get_closest_marker("chaos") is None:
        request.getfixturevalue("held_clock")


@pytest.fixture
def stage(tmp_path: Path, transactional_db: None) -> Iterator[Stage]:
    """Real processes against the test database: `stage.start_broker()`, `stage.worker()`, `stage.beat()`."""
    from django.db import connection

    made = connection.settings_dict
    url = f"postgres://{made['USER']}@{made['HOST']}:{made['PORT']}/{made['NAME']}"
    standing = Stage(tmp_path, url)
    yield standing
    standing.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's headless Chromium in place of a download."""
    import shutil

    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": BROWSER_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Chinese reader in Shanghai."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
