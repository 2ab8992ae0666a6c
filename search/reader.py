"""The program that takes files apart: content on its input, text on its output, a reason in one word on its errors.

It runs alone, in Python's isolated mode, and takes its own rights away first: little memory, little time, no files to
write. So a poisoned file can break nothing but its own reading. It imports nothing of the house.
"""

from __future__ import annotations

import io
import resource
import sys
import zipfile
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEMORY = 768 * 1024 * 1024
SECONDS = 20
PAGES = 400
ROWS = 50_000
MEMBERS = 3000
UNPACKED = 120 * 1024 * 1024
RATIO = 150
"""How many times larger than packed a member of an archive may be, once it is larger than a megabyte."""
_A_MEGABYTE = 1024 * 1024
_ENCRYPTED = 0x1


class Refused(Exception):  # noqa: N818 - what a file deserves, not an error of ours
    """The file is not taken apart; the message is the reason in one word."""


def main() -> int:
    """Read the kind of file named first on the command line, up to so many characters as named second."""
    _give_up_rights()
    kind, longest = sys.argv[1], int(sys.argv[2])
    left = longest
    try:
        for part in READERS[kind](sys.stdin.buffer.read()):
            sys.stdout.write(part[:left] + "\n")
            left -= len(part)
            if left <= 0:
                break
        sys.stdout.flush()
    except Refused as refusal:
        return _say(str(refusal))
    except MemoryError:
        return _say("too_large")
    except Exception:  # noqa: BLE001 - whatever a library meets in a stranger's file
        return _say("broken")
    return 0


def _say(reason: str) -> int:
    sys.stderr.write(f"\n{reason}\n")
    return 1


def _give_up_rights() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def pdf(content: bytes) -> Iterator[str]:
    """The text of each page."""
    import pypdf

    document = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if document.is_encrypted and not document.decrypt(""):
        raise Refused("encrypted")
    for page in islice(document.pages, PAGES):
        yield page.extract_text()


def docx(content: bytes) -> Iterator[str]:
    """Paragraphs and the cells of tables, in the order in which they stand."""
    import docx as word

    _look_into(content)
    document = word.Document(io.BytesIO(content))
    for block in document.iter_inner_content():
        if hasattr(block, "text"):
            yield block.text
            continue
        for row in block.rows:
            yield "\t".join(dict.fromkeys(cell.text for cell in row.cells))


def xlsx(content: bytes) -> Iterator[str]:
    """The rows of each sheet."""
    import openpyxl

    _look_into(content)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title
        for row in islice(sheet.iter_rows(values_only=True), ROWS):
            line = "\t".join(str(value) for value in row if value is not None)
            if line:
                yield line


def txt(content: bytes) -> Iterator[str]:
    """The text itself, in one of the two encodings that are taken."""
    try:
        yield content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield content.decode("gb18030", "replace")


def _look_into(content: bytes) -> None:
    """Refuse an archive that would unpack into much more than it is. Raises Refused."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Refused("encrypted")
    whole = sum(member.file_size for member in members)
    if len(members) > MEMBERS or whole > UNPACKED or any(_bursts(member) for member in members):
        raise Refused("too_large")


def _bursts(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _A_MEGABYTE and member.file_size > RATIO * max(1, member.compress_size)


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {"pdf": pdf, "docx": docx, "xlsx": xlsx, "txt": txt}

if __name__ == "__main__":
    sys.exit(main())
