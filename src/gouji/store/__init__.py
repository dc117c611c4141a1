"""The store: gouji.db, keyed by content so that a restart resumes and a rerun is free. See `Store`."""

from __future__ import annotations

from gouji.store.database import Decision, Store, StoreKey

__all__ = ["Decision", "Store", "StoreKey"]
