"""A code is read however the paper was laid on the glass or held before a telephone; others' codes are not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from scans import codes
from scans.codes import Mark
from tests.scans.paper import faint, photographed, place, saved, sheet, speckled, url

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "7K3MQ9TX2B4D"


def again(image: Image.Image, quality: int) -> Image.Image:
    """As it comes out of a file of little room."""
    from io import BytesIO

    with Image.open(BytesIO(saved(image, quality=quality))) as found:
        return found.convert("RGB")


PAPER: dict[str, Callable[[Image.Image], Any]] = {
    "straight": lambda page: page,
    "upside down": lambda page: page.rotate(180),
    "lying on its side": lambda page: page.rotate(90, expand=True),
    "skewed by seven degrees": lambda page: page.rotate(7, expand=True, fillcolor="white"),
    "turned by thirty degrees": lambda page: photographed(page, angle=30),
    "faint": faint,
    "faint and speckled": lambda page: speckled(faint(page), 12),
    "photographed from the side": lambda page: photographed(page, slant=0.12),
    "photographed, turned and blurred": lambda page: photographed(page, angle=12, slant=0.08, blur=1.4),
    "photographed in the evening": lambda page: photographed(page, angle=4, slant=0.05, noise=22),
    "photographed and saved at quality 40": lambda page: again(photographed(page, angle=8, slant=0.06, blur=1), 40),
    "a small photograph": lambda page: again(photographed(page, angle=3).resize((930, 1315)), 60),
    "a bad fax": lambda page: page.convert("L").point(lambda dot: 255 if dot > 150 else 0).convert("RGB"),
}


@pytest.mark.parametrize("how", PAPER)
def test_a_code_is_read_however_the_paper_comes(how: str) -> None:
    page = PAPER[how](sheet(url(CODE, 3)))
    assert codes.read(page).marks == (Mark(CODE, 3),)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_that_lies_wrongly_is_known_to_lie_so(degrees: int) -> None:
    page = sheet(url(CODE))
    lying = page.rotate(-degrees, expand=True)
    turn = codes.read(lying).turn
    assert (turn + degrees) % 360 == 0
    assert lying.rotate(-turn, expand=True).size == page.size


def test_a_page_without_a_code_has_none() -> None:
    assert codes.read(sheet()).marks == ()


def test_a_code_among_others_is_found(settings: Any) -> None:
    page = sheet(url(CODE, 2))
    place(page, "https://pay.example/7K3MQ9TX2B4D", (60, 60), 160)
    assert codes.read(page).marks == (Mark(CODE, 2),)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/verify/7K3MQ9TX2B4D?p=1",
        "http://localhost:8000.evil.example/verify/7K3MQ9TX2B4D",
        "http://localhost:8000/verify/7K3MQ9TX2B4D/../../admin",
        "http://localhost:8000/verify/7K3MQ9TX2B4D?p=1&next=//evil.example",
        "http://localhost:8000/login/?next=/verify/7K3MQ9TX2B4D",
        "http://localhost:8000/verify/7K3MQ9TX2B4",
        "http://localhost:8000/verify/7K3MQ9TX2B4D?p=9999",
        "javascript:alert(1)",
        "7K3MQ9TX2B4D",
        "",
    ],
)
def test_a_code_that_leads_elsewhere_is_none_of_ours(text: str, settings: Any) -> None:
    settings.SITE_URL = "http://localhost:8000"
    assert codes.mark_of(text) is None


def test_an_own_code_says_whose_page_it_is_and_which(settings: Any) -> None:
    settings.SITE_URL = "https://service.example/"
    assert codes.mark_of("https://service.example/verify/7K3M-Q9TX-2B4D?p=12") == Mark(CODE, 12)
    assert codes.mark_of("https://service.example/verify/7K3MQ9TX2B4D") == Mark(CODE, 1)
