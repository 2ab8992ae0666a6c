"""Printing in a process of its own, for pages of the web: `python -m forms_templates.printing.apart` reads and writes.

Whoever looks at a change before saving it waits two seconds; no thread of the web server renders.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings

from forms_templates.printing.job import PrintingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forms_templates.models import Letterhead

_PATIENCE = 60
_REFUSED = 3


def printed_apart(
    body: Mapping[str, Any], letterhead: Letterhead, values: Mapping[str, Any], *, version: int, state: str
) -> bytes:
    """One original as a draft. Raises PrintingError with what the process says."""
    names = [field.name for field in letterhead._meta.fields if field.name not in ("id", "made_at", "made_by")]
    house = {name: getattr(letterhead, name) for name in names}
    house["logo"] = base64.b64encode(bytes(letterhead.logo)).decode()
    asked = {"body": body, "version": version, "letterhead": house, "values": values, "state": state}
    done = subprocess.run(
        [sys.executable, "-m", "forms_templates.printing.apart"],
        input=json.dumps(asked).encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise PrintingError(done.stdout.decode() if done.returncode == _REFUSED else done.stderr.decode()[-500:])
    return done.stdout


def main() -> int:
    """Print what stands at the input; what cannot be printed is said at the output, with an exit code of its own."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serviceops.settings")
    django.setup()
    from forms_templates.language import Form
    from forms_templates.models import Letterhead
    from forms_templates.printing import MissingGlyphError, render

    asked = json.load(sys.stdin.buffer)
    house = Letterhead(**{**asked["letterhead"], "logo": base64.b64decode(asked["letterhead"]["logo"])})
    form = Form.of(asked["body"], asked["version"])
    try:
        made = render(form, house, asked["values"], state=asked["state"], copy=min(form.copies, 1), draft=True)
    except (MissingGlyphError, PrintingError, ValueError) as error:
        sys.stdout.write(str(error))
        return _REFUSED
    sys.stdout.buffer.write(made.pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
