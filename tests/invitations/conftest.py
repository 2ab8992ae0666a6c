"""A form sent to the university's contact, and the browser in which the contact opens it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from core import clock
from documents import issuing
from forms_templates import versions
from invitations.models import Invitation
from people.actors import Actor
from tests.cast import act
from tests.invitations.probe import PROBE, WHOLE

if TYPE_CHECKING:
    from documents.models import Document
    from forms_templates.models import FormVersion
    from people.models import User
    from tests.cast import Cast, University

SECRET = "planted-pa55w0rd-7c1"


@pytest.fixture(autouse=True)
def _files(tmp_path: Any, settings: Any) -> None:
    """Files lie where the test ends with them, and nobody has knocked yet."""
    cache.clear()
    default = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files", "base_url": None},
    }
    settings.STORAGES = {**settings.STORAGES, "default": default}


def probe_version(by: User) -> FormVersion:
    """The form with a question of every kind, as an administrator's version of one of the catalogue's."""
    basis = versions.in_force("Serv103")
    if basis.made_by_id is not None:
        return basis
    return versions.add(basis, {**PROBE, "code": "Serv103"}, by=by, note="every kind of question")


def sent_out(cast: Cast, university: University, *, by_email: bool = True, days: int = 30) -> Document:
    """A document of that form, sent to the contact by the specialist."""
    probe_version(cast.admin)
    document = issuing.issue("Serv103", customer=university.organisation, actor=Actor(cast.specialist))
    send_again(document, cast, university, by_email=by_email, days=days)
    return document


def send_again(
    document: Document, cast: Cast, university: University, *, by_email: bool = True, days: int = 30
) -> None:
    """Send it (again)."""
    until = clock.local(clock.now()).date() + timedelta(days=days)
    said = {"contact": university.contact.pk, "by_email": by_email, "until": until.isoformat()}
    act(document, "send_out", cast.specialist, **said)


@pytest.fixture
def document(held_clock: Any, cast: Cast, university: University) -> Document:
    """A form that waits for the contact, sent on the morning of 2 March 2026."""
    return sent_out(cast, university)


@pytest.fixture
def invitation(document: Document) -> Invitation:
    """Its link."""
    return Invitation.objects.get(document=document)


class Guest(Client):
    """Whoever holds a link; reads pages and sends forms as they stand there."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__()
        self.url = f"/f/{invitation.token}/"

    def read(self) -> str:
        """The page."""
        answer = self.get(self.url)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def version(self) -> str:
        """The version of the answers that the page was drawn from."""
        found = re.search(r'name="version" value="(\d+)"', self.read())
        assert found
        return found[1]

    def send(self, do: str = "send", **typed: Any) -> Any:
        """Send the form."""
        return self.post(self.url, {"version": self.version(), "do": do, **typed})


@pytest.fixture
def guest(invitation: Invitation) -> Guest:
    """The contact, with the link."""
    return Guest(invitation)


@pytest.fixture
def whole() -> dict[str, Any]:
    """All that must be answered."""
    return dict(WHOLE)


def photograph(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    """A picture that is one."""
    kept = io.BytesIO()
    Image.new("RGB", size, "red").save(kept, kind, **more)
    return kept.getvalue()


@pytest.fixture
def drawing() -> str:
    """What a canvas hands over, with something that does not belong into a picture."""
    from base64 import b64encode

    from PIL import ImageDraw
    from PIL.PngImagePlugin import PngInfo

    picture = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line((100, 200, 500, 100), fill=(0, 0, 0, 255), width=6)
    more = PngInfo()
    more.add_text("Comment", "evil")
    kept = io.BytesIO()
    picture.save(kept, "PNG", pnginfo=more)
    return f"data:image/png;base64,{b64encode(kept.getvalue()).decode()}"
