"""Have the helpers' assertions told in full."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.architecture.house")
