"""The store: gouji.db, keyed by content so that a restart resumes and a rerun is free. See `Store`."""

from __future__ import annotations

from gouji.model.decision import Decision
from gouji.store.database import Store, StoreKey

__all__ = ["Decision", "Store", "StoreKey"]
