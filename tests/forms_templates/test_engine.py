"""How the printing library is held: by sheets of our own, without looking for garbage in the midst of a page."""

from __future__ import annotations

import gc
import re
from importlib.resources import files

import pytest
from pypdf.generic import StreamObject

from forms_templates import catalogue, samples
from forms_templates.models import Letterhead
from forms_templates.printing import Job, MissingGlyphError, State
from forms_templates.printing.page import markup
from tests.forms_templates.paper import form_of, printed, reader

_IN_A_LINE = {"span", "i", "b", "u", "small", "br", "img"}


@pytest.mark.parametrize("code", [form.code for form in catalogue.forms()])
def test_every_element_of_a_page_is_known_to_our_sheets(code: str) -> None:
    sheet = files("forms_templates.printing").joinpath("elements.css").read_text()
    known = set(re.findall(r"\w+", " ".join(re.findall(r"^([^/{]+) {", sheet, re.MULTILINE))))
    house = Letterhead(number=1, name="公司", name_en="Company", logo=b"logo")
    for state in State:
        page = markup(Job(form=catalogue.form(code), letterhead=house, values=samples.values(code), state=state))
        assert set(re.findall(r"<([a-z0-9]+)", page)) <= known | _IN_A_LINE


def test_garbage_is_looked_for_again_after_printing_also_when_it_failed() -> None:
    printed(form_of({"key": "k"}), {"k": "甲"})
    assert gc.isenabled()
    with pytest.raises(MissingGlyphError):
        printed(form_of({"key": "k"}), {"k": "😀"})
    assert gc.isenabled()


def test_all_that_is_long_in_the_file_is_compressed() -> None:
    file = reader(printed(form_of({"key": "k"}), {"k": "甲"}))
    every = [file.get_object(number) for number in range(1, max(file.xref_objStm) + 1)]
    streams = [one for one in every if isinstance(one, StreamObject)]
    assert len(streams) > 5
    assert {str(one["/Filter"]) for one in streams} == {"/FlateDecode"}
