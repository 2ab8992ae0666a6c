"""What the benchmark's server adds, and what its table says."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings
from django.urls import NoReverseMatch, Resolver404, resolve

from bench import report
from bench.middleware import HEADER
from bench.report import Page, Sweep
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bench_settings() -> Iterator[None]:
    found = import_module("bench.settings")
    with override_settings(ROOT_URLCONF=found.ROOT_URLCONF, MIDDLEWARE=found.MIDDLEWARE):
        yield


@pytest.mark.django_db
def test_the_bare_view_stands_behind_the_login_and_tells_its_queries(bench_settings: None) -> None:
    client = Client()
    assert client.get("/bench/bare/").status_code == 302
    client.force_login(User.objects.create(username="reader", display_name="Reader"))
    answer = client.get("/bench/bare/")
    assert answer.status_code == 200
    assert int(answer[HEADER]) >= 3


def test_the_product_itself_has_no_bare_view() -> None:
    with pytest.raises((Resolver404, NoReverseMatch)):
        resolve("/bench/bare/", "serviceops.urls")


def test_a_page_is_judged_by_its_median_beside_the_bare_view_by_queries_and_by_size() -> None:
    bare = Page("bare", [0.010, 0.011, 0.012], [3, 3, 3], [2000] * 3)
    good = Page("good", [0.020, 0.030, 0.500], [15, 9, 9], [60 * 1024] * 3)
    bad = Page("bad", [0.034, 0.034, 0.035], [16, 9, 9], [60 * 1024 + 1] * 3)
    counted = Page("counted", [0.060, 0.060, 0.060], [15, 9, 9], [2000] * 3, bar=report.COUNTED_BAR)
    lines = list(report.pages([bare, good, bad, counted]))
    assert lines[2].count("PASS") == 3
    assert lines[3].count("MISS") == 3
    assert lines[4].count("PASS") == 3


def test_a_sweep_is_judged_with_two_workers_and_by_how_little_the_amount_matters() -> None:
    measured = [
        Sweep(2000, 10_000, 2, "missed", 2000, 0.9),
        Sweep(2000, 100_000, 2, "missed", 2000, 1.1),
        Sweep(2000, 100_000, 1, "missed", 2000, 5.0),
    ]
    lines = list(report.sweeps(measured))
    assert lines[1].endswith("PASS")
    assert lines[2].endswith("MISS")
    assert any("1.22 x" in line and line.endswith("PASS") for line in lines)
