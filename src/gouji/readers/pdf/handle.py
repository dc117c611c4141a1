"""What the C library hands out: pages, text pages, objects. Only it can look into them."""

from __future__ import annotations

from typing import Any

Handle = Any
