"""The functions of the C library, declared so that a call costs no more than it must: there are fourteen hundred on a page.

pypdfium2 has a type of pointer for pages, text pages and objects each, and converts every argument of every call, which
takes longer than most functions themselves. Here functions are declared without the types of their arguments, so that
ctypes converts nothing: an int is passed as a C int, and whatever points somewhere is made an argument once, beforehand.

    get_type = declare(pdfium_c.FPDFPageObj_GetType)      get_type(handle) → kind
    room = Room("f", 4)                                   get_bounds(handle, *room.places) writes room.numbers

An address that `to_argument` has not made an argument would be cut down to a C int.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, Literal

Handle = Any  # an address made an argument; only the library can look into what is there
Function = Callable[..., Any]
Kind = Literal["f", "d", "i", "I", "H"]  # of numbers: float, double, int, unsigned int and short, as arrays call them

to_argument = ctypes.c_void_p.from_param


def address_of(pointer: Any) -> int:  # noqa: ANN401 - pypdfium2 has no types
    """Where a page, text page or function of pypdfium2 is; 0 where there is none."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def handle_of(pointer: Any) -> Handle:  # noqa: ANN401 - as above
    """A page or text page of pypdfium2 as an argument."""
    return to_argument(address_of(pointer))


def declare(function: Any) -> Function:  # noqa: ANN401 - as above
    """A function of the library that takes arguments as they are. For short calls: it does not let other threads in."""
    return ctypes.PYFUNCTYPE(loosen(function.restype))(address_of(function))


def loosen(kind: Any) -> Any:  # noqa: ANN401 - as above
    """The type of a result, a mere address for a pointer."""
    return ctypes.c_void_p if hasattr(kind, "contents") else kind


def iter_handles(get: Function, owner: Handle, count: int) -> Iterator[Handle]:
    """All of what an owner has so many of."""
    return map(to_argument, map(get, repeat(owner), range(count)))


class Room:
    """Room for the numbers that functions write, and the place of each, or of the first of every `step`.

    An array, because ctypes would make a type for every length of its own arrays, which takes longer than filling them.
    """

    __slots__ = ("_kind", "_step", "numbers", "places")

    def __init__(self, kind: Kind, count: int, step: int = 1) -> None:
        self._kind: Kind = kind
        self._step = step
        self._furnish(count)

    def _furnish(self, count: int) -> None:
        self.numbers: array[Any] = array(self._kind, [0]) * count
        size = self.numbers.itemsize
        first, _ = self.numbers.buffer_info()
        places = range(first, first + count * size, self._step * size)
        self.places: list[Handle] = list(map(to_argument, places))

    def reserve(self, count: int) -> None:
        """Have room for so many, and some more: places take as long to make as to use, so pages use the same room."""
        if count > len(self.numbers):
            self._furnish(count + count // 2)
