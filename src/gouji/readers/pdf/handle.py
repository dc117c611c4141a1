"""What the C library hands out as plain addresses, and its functions declared for these.

pypdfium2 has a type of pointer for pages, text pages and objects each, and converts every argument of every call. That
costs as much as most calls themselves, and there are two thousand on a page.

    get_type = declare(pdfium_c.FPDFPageObj_GetType)      get_type(address) → kind
    room = Room(ctypes.c_float, 4)                        get_bounds(address, *room.places) writes room.numbers
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

Handle = int  # only the library can look into what is there
Function = Callable[..., Any]


def address_of(pointer: Any) -> Handle:  # noqa: ANN401 - pypdfium2 has no types
    """Where a page or text page of pypdfium2 is; 0 where there is none."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def declare(function: Any) -> Function:  # noqa: ANN401 - as above
    """A function of the library that takes and gives addresses. For short calls: it does not let other threads in."""
    kinds = [loosen(kind) for kind in (function.restype, *function.argtypes)]
    return ctypes.PYFUNCTYPE(*kinds)(address_of(function))


def loosen(kind: Any) -> Any:  # noqa: ANN401 - as above
    """The type of an argument, any address for a pointer."""
    return ctypes.c_void_p if hasattr(kind, "contents") else kind


class Room:
    """Room for the numbers that a function writes, and the address of each."""

    __slots__ = ("numbers", "places")

    def __init__(self, kind: type[ctypes.c_float | ctypes.c_double | ctypes.c_int | ctypes.c_uint], count: int) -> None:
        self.numbers: Any = (kind * count)()
        first, size = ctypes.addressof(self.numbers), ctypes.sizeof(kind)
        self.places = range(first, first + count * size, size)
