"""The product's settings with a counter in front and one bare page beside; used by the benchmark's own server only."""

from __future__ import annotations

from serviceops.settings import *  # noqa: F403
from serviceops.settings import MIDDLEWARE

BENCH = True
ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.middleware.QueryCountMiddleware", *MIDDLEWARE]
