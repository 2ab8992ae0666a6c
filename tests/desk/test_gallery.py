"""The gallery of forms: all of staff see it, its pages are made by a worker, and whole or not at all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

from core import clock
from forms_templates import catalogue, gallery, printing, tasks, versions
from forms_templates.models import FormVersion
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from people.models import User
    from tests.cast import Cast

    Browse = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    cache.clear()
    settings.GALLERY_FOLDER = tmp_path / "gallery"
    return tmp_path / "gallery"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What workers have been asked for; nobody does it."""
    found: list[tuple[object, ...]] = []
    monkeypatch.setattr(gallery, "wake", lambda *what: found.append(what))
    return found


def test_staff_see_every_form_with_its_rule_and_where_it_is_explained(browser_of: Browse, cast: Cast) -> None:
    page = browser_of(cast.engineer).get("/forms/").content.decode()
    for form in catalogue.forms():
        assert form.code in page
        assert form.title.zh in page
    assert "/handbook/FRM-03/" in page
    assert "Customer × 2" in page


@pytest.mark.rule("FRM-01", "FRM-12")
def test_the_handbook_names_the_gallery_as_what_keeps_the_rules_of_forms() -> None:
    for number in range(1, 13):
        assert [keeper.page for keeper in registry.keepers(f"FRM-{number:02}")] == ["desk:gallery"]


def test_a_customer_and_a_stranger_see_no_gallery(browser_of: Browse, cast: Cast, client: Client) -> None:
    assert client.get("/forms/").status_code == 302
    assert browser_of(cast.contact).get("/forms/Serv101/").status_code in (302, 403, 404)


def test_a_page_that_is_not_made_asks_a_worker_once_and_asks_again_later(
    browser_of: Browse, cast: Cast, asked: list[tuple[object, ...]]
) -> None:
    browser = browser_of(cast.trainer)
    page = browser.get("/forms/Serv103/?state=complete").content.decode()
    assert 'hx-get="/forms/Serv103/complete/pages/"' in page
    browser.get("/forms/Serv103/complete/pages/")
    assert asked == [("forms.show", "Serv103", "complete")]
    assert browser.get("/forms/Serv103/complete.pdf").status_code == 404
    assert browser.get("/forms/Serv103/complete/pages/1.png").status_code == 404


def test_what_a_worker_has_made_is_shown_and_handed_out(browser_of: Browse, cast: Cast) -> None:
    tasks.show("Serv103", "complete")
    browser = browser_of(cast.trainer)
    page = browser.get("/forms/Serv103/complete/pages/").content.decode()
    assert "hx-get" not in page
    assert "/forms/Serv103/complete/pages/1.png" in page
    picture = browser.get("/forms/Serv103/complete/pages/1.png")
    assert picture["Content-Type"] == "image/png"
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined] # a file's answer
    assert browser.get("/forms/Serv103/complete/pages/2.png").status_code == 404
    document = browser.get("/forms/Serv103/complete.pdf")
    assert document["Content-Type"] == "application/pdf"
    assert document.content.startswith(b"%PDF")


def test_a_worker_killed_in_the_middle_leaves_nothing_that_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[object, ...]]
) -> None:
    def killed(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(printing, "render", killed)
        with pytest.raises(KeyboardInterrupt):
            gallery.make("Serv103", "blank")
    assert [path.name for path in folder.iterdir() if not path.name.endswith(".part")] == []
    assert not gallery.shown("Serv103", "blank").made
    gallery.make("Serv103", "blank")
    assert gallery.shown("Serv103", "blank").pages == 1


def test_a_later_version_is_made_anew(cast: Cast, asked: list[tuple[object, ...]]) -> None:
    gallery.make("Serv103", "blank")
    first = versions.in_force("Serv103")
    FormVersion.objects.create(
        form="Serv103", number=first.number + 1, body=first.body, made_at=clock.now(), made_by=cast.engineer
    )
    assert not gallery.shown("Serv103", "blank").made
    assert {form.code: number for form, number in gallery.overview()}["Serv103"] == first.number + 1


def test_two_workers_with_the_same_form_leave_it_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the folder taken when it renames its own."""
    gallery.make("Serv103", "blank")
    (made,) = folder.iterdir()
    shutil.copytree(made, kept := folder.parent / "kept")
    shutil.rmtree(made)
    build = gallery._print

    def slower(*what: Any) -> None:
        build(*what)
        shutil.copytree(kept, made)

    monkeypatch.setattr(gallery, "_print", slower)
    gallery.make("Serv103", "blank")
    assert [path.name for path in folder.iterdir()] == [made.name]


def test_a_form_that_cannot_be_printed_says_why(
    browser_of: Browse, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_args: Any, **_more: Any) -> None:
        msg = "no option <b>x</b>"
        raise ValueError(msg)

    monkeypatch.setattr(printing, "render", failing)
    gallery.make("Serv103", "blank")
    page = browser_of(cast.engineer).get("/forms/Serv103/").content.decode()
    assert "It cannot be printed: no option &lt;b&gt;x&lt;/b&gt;" in page
    assert "hx-get" not in page.partition('id="pages"')[2].partition("</section>")[0]


@pytest.mark.parametrize("path", ["Serv999/", "Serv103/?state=torn", "Serv103/torn/pages/", "Serv103/torn.pdf"])
def test_a_form_or_state_that_there_is_not_is_not_found(browser_of: Browse, cast: Cast, path: str) -> None:
    assert browser_of(cast.engineer).get(f"/forms/{path}").status_code == 404
