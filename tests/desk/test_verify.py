"""Whoever holds a document can have it checked, and learns nothing that is not printed on it (FRM-13)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client

from desk.views import verify
from documents import codes, freezing, store
from tests.cast import act

if TYPE_CHECKING:
    from django.http import HttpResponse

    from documents.models import Document
    from tests.cast import Cast
    from tests.paper import Issue, Printer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def final(new_document: Issue, printer: Printer) -> Document:
    made = new_document(until="to_sign")
    freezing.freeze_pending()
    made.refresh_from_db()
    return made


def ask(code: str, **more: Any) -> Any:
    return Client().get(f"/verify/{code}", **more)


def told(response: HttpResponse) -> str:
    return response.content.decode()


def compare(code: str, content: bytes, **more: Any) -> Any:
    file = BytesIO(content)
    file.name = "x.pdf"
    return Client().post(f"/verify/{code}", {"file": file}, **more)


@pytest.mark.rule("FRM-13")
def test_a_document_of_ours_is_genuine(final: Document) -> None:
    response = ask(final.code)
    assert response.status_code == 200
    assert "属实" in told(response)
    assert final.number in told(response)
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_nothing_of_its_content_is_told(final: Document, cast: Cast) -> None:
    page = told(ask(final.code))
    for secret in ("北京大学", "张老师", "新机房", "HT-2026-001", cast.specialist.display_name):
        assert secret not in page


@pytest.mark.rule("FRM-13")
def test_a_superseded_one_says_by_which(final: Document, cast: Cast) -> None:
    act(final, "replace", cast.specialist, reason="错字")
    later: Any = type(final).objects.get(replaces=final)
    assert "属实" in told(ask(final.code))
    act(later, "submit", cast.specialist)
    act(later, "finalise", cast.specialist)
    page = told(ask(final.code))
    assert later.number in page
    assert "已被替代" in page


def test_a_cancelled_one_says_so(final: Document, cast: Cast) -> None:
    act(final, "cancel", cast.specialist, reason="不需要")
    assert "已作废" in told(ask(final.code))


def test_another_code_is_unknown(final: Document) -> None:
    response = ask(codes.new())
    assert response.status_code == 404
    assert final.number not in told(response)


def test_a_code_may_be_typed_as_people_type(final: Document) -> None:
    response = Client().get("/verify/", {"code": codes.shown(final.code).lower()})
    assert response.headers["Location"] == f"/verify/{final.code}"


def test_a_draft_has_no_code(new_document: Issue) -> None:
    assert new_document().code == ""
    assert ask("").status_code == 200


@pytest.mark.rule("FRM-13")
def test_the_file_itself_is_recognised(final: Document) -> None:
    for printed in final.prints.all():
        assert "完全一致" in told(compare(final.code, store.read(printed)))


@pytest.mark.rule("FRM-13")
def test_a_file_with_one_byte_changed_is_not(final: Document) -> None:
    printed = final.printed
    assert printed is not None
    page = told(compare(final.code, store.read(printed) + b" "))
    assert "完全一致" not in page
    assert "不是我们保存的" in page


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    final: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    monkeypatch.setattr(verify.Fingerprint, "receive_data_chunk", lambda _self, raw, _start: read.append(len(raw)))
    response = compare(final.code, b"x", CONTENT_LENGTH=str(60 * 1024 * 1024))
    assert response.status_code == 413
    assert read == []
    assert "50 MB" in told(response)


def test_a_file_that_does_not_say_how_large_it_is_is_read_no_further_than_that(
    final: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "LARGEST", 1000)
    monkeypatch.setattr(verify, "_too_large", lambda request, code: verify._show(request, code, problem="zu gross"))
    assert "zu gross" in told(compare(final.code, b"x" * 5000))


def test_a_file_from_another_site_is_refused(final: Document) -> None:
    file = BytesIO(b"x")
    file.name = "x.pdf"
    assert Client(enforce_csrf_checks=True).post(f"/verify/{final.code}", {"file": file}).status_code == 403


def test_one_address_may_not_ask_without_end(final: Document) -> None:
    answers = [ask(codes.new(), REMOTE_ADDR="10.0.0.7").status_code for _ in range(verify.LOOKS + 1)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {404}
    assert ask(final.code, REMOTE_ADDR="10.0.0.8").status_code == 200
