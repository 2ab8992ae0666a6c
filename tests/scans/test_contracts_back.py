"""A contract that comes back signed finds its way by the code on its pages, whoever of the paper's keepers scans it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.documents import printed
from documents import freezing
from tests.cast import act
from tests.contracts.conftest import new_contract, signers, walk
from tests.scans.paper import bound, sheet, url
from workflow.models import Attachment, Entry, WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.contracts.conftest import Signers
    from tests.paper import Printer
    from tests.scans.conftest import Bring

__all__ = ("new_contract", "signers")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]


@pytest.mark.rule("CON-22")
@pytest.mark.parametrize("who", ["hr_admin", "sales_ops"])
def test_the_scan_is_attached_to_the_contracts_document_and_the_signatures_are_asked_for(
    new_contract: Callable[..., Contract], signers: Signers, printer: Printer, bring: Bring, who: str
) -> None:
    contract = walk(new_contract(), signers, to="posted")
    freezing.freeze_pending(30)
    text = printed.standing(contract)["ContractText"]
    keeper: Any = getattr(signers, who)
    bring(bound(*(sheet(url(text.code, page)) for page in (1, 2))), by=keeper)
    text.refresh_from_db()
    assert (text.state, text.signed_how) == ("signed", "scan")
    assert Attachment.objects.get(record=text).content_type == "application/pdf"
    assert Entry.objects.get(record=contract, verb="take_back").actor == keeper
    waiting = WorkItem.objects.filter(record=contract, done_at__isnull=True).values_list("verb", flat=True)
    assert set(waiting) == {"record_signature"}
    act(contract, "record_signature", signers.hr_admin, side="ours", signed_on="2026-03-02", signed_by="林总")
    act(contract, "record_signature", signers.hr_admin, side="theirs", signed_on="2026-03-02", signed_by="校长")
    assert set(waiting.all()) == {"take_effect"}
