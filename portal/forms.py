"""The one form that is about the visitor and about no record."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class NewPasswordForm(PasswordChangeForm):
    """A new password, against the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        # The page is about more than the password: nobody's keyboard opens unasked.
        del self.fields["old_password"].widget.attrs["autofocus"]
        self.fields["new_password1"].help_text = _(
            "At least 10 characters, not digits alone, and nothing that is easily guessed."
        )
