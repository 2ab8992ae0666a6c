"""Every form prints, blank, filled in beforehand and complete, on as many pages as it should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from forms_templates import catalogue, gallery, samples
from forms_templates.models import Letterhead
from forms_templates.printing import Job, State, geometry, laid_out, render

if TYPE_CHECKING:
    from forms_templates.printing import Print

FORMS = [form.code for form in catalogue.forms()]
PAGES = {
    **dict.fromkeys(
        ("Serv101", "Serv103", "Serv302", "Serv304", "Serv501", "Serv502", "TicketSheet", "Progress"), (1,)
    ),
    **dict.fromkeys(("Serv102", "Serv301", "Serv503", "TrialDeal", "Dunning", "UpgradeNews", "UpgradePrep"), (2,)),
    "Acceptance": (2, 3, 4),
    "Review": (2,),
    "ContractText": (4,),
    "Serv303": (3,),
    "Serv305": (3,),
    "Statement": (2, 3),
}
"""How many pages the customer's copy has with ordinary answers."""


def printed(code: str, state: str, *, private: bool = False) -> Print:
    letterhead = Letterhead(number=1, name="北京赛尔毕博信息技术有限公司", fax="010-62701234")
    form = catalogue.form(code)
    return render(form, letterhead, gallery.values(form, state), state=state, copy=1, private=private)


@pytest.mark.parametrize("code", FORMS)
def test_a_form_has_the_pages_that_it_should_have(code: str) -> None:
    made = printed(code, "complete")
    assert made.pages in PAGES[code]
    assert made.pdf.startswith(b"%PDF")


@pytest.mark.parametrize("state", ["blank", "prefilled"])
@pytest.mark.parametrize("code", FORMS)
def test_a_form_prints_in_every_state(code: str, state: str) -> None:
    assert printed(code, state).pages


@pytest.mark.parametrize("code", [code for code, pages in PAGES.items() if pages == (1,) and code != "Progress"])
def test_what_is_handed_out_to_be_filled_in_by_hand_is_one_page(code: str) -> None:
    assert printed(code, "blank").pages == 1


@pytest.mark.parametrize("code", ["Serv101", "Serv304", "Serv502", "TicketSheet"])
def test_what_is_filled_in_is_one_page_also_with_the_companys_own_part(code: str) -> None:
    assert printed(code, "complete", private=True).pages == 1


def _written_rows_mm(state: State) -> list[float]:
    form, house = catalogue.form("Serv103"), Letterhead(number=1, name="公司")
    document = laid_out(Job(form=form, letterhead=house, values=gallery.values(form, state), state=state))
    boxes = [box for page in document.pages for box in page._page_box.descendants()]
    rows = [box for box in boxes if box.element_tag == "tr" and "handwritten" in box.element.get("class", "")]
    return [row.height / geometry.PX_IN_MM for row in rows]


def test_rows_that_are_written_into_by_hand_are_as_high_as_the_handbook_wants_them() -> None:
    assert len(_written_rows_mm(State.BLANK)) > 10
    assert min(_written_rows_mm(State.BLANK)) >= 7
    assert 0 < len(_written_rows_mm(State.PREFILLED)) < len(_written_rows_mm(State.BLANK))
    assert _written_rows_mm(State.COMPLETE) == []


@pytest.mark.parametrize("code", FORMS)
def test_the_longest_answers_print(code: str) -> None:
    letterhead = Letterhead(number=1, name="北京赛尔毕博信息技术有限公司")
    form = catalogue.form(code)
    assert render(form, letterhead, samples.values(code, "extreme"), state="complete", copy=1).pages


def test_what_the_house_knows_is_there_beforehand_and_what_the_customer_says_is_not() -> None:
    form = catalogue.form("Serv103")
    known = gallery.values(form, "prefilled")
    assert known["customer_name"] == "清河理工大学"
    assert "arrived_on" not in known
    assert gallery.values(form, "blank") == {}
