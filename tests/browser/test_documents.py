"""Documents in a real browser: axe finds nothing on their pages, nor on the page on which anybody has them checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from documents import freezing
from tests.browser.test_accessibility import LANGUAGES, examine, reader

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.test_accessibility import Open
    from tests.cast import Cast
    from tests.paper import Issue, Printer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    options = {"location": tmp_path / "files", "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_can_be_read_by_everybody(
    window: Open, cast: Cast, new_document: Issue, printer: Printer, language: str
) -> None:
    draft = new_document(values={"parts": [{"name": "服务器", "count": 2}]})
    final = new_document(until="to_sign")
    freezing.freeze_pending()
    final.refresh_from_db()
    pages = ["/document/?show=all", "/document/new/", f"/document/{draft.number}/", f"/document/{final.number}/"]
    beside = [f"/documents/of/customer/{draft.customer_id}/", f"/documents/{draft.number}/preview/"]
    examine(reader(window, cast.specialist, language), [*pages, *beside])


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_holds_one_can_read_whether_it_is_genuine(
    window: Open, new_document: Issue, printer: Printer, language: str
) -> None:
    final = new_document(until="to_sign")
    opened = reader(window, None, language)
    with opened.expects(404):
        examine(opened, ["/verify/", f"/verify/{final.code}", "/verify/000000000000"])
