"""The roster and the register as data.

Roster    units in their order: 归口股室 as they first appear, in each the 预算编码
Register  what people noted: when a file was received or returned, which unit it is of, who was reminded when
Books     both, with the day they are looked at
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class RosterUnit(msgspec.Struct, frozen=True):
    """One line of the roster. `due` is an ISO date; `secret`: nothing is expected by this way."""

    serial: int
    name: str
    code: str = ""
    old_codes: tuple[str, ...] = ()
    section: str = ""
    parent: str = ""
    group: str = ""
    contact: str = ""
    phone: str = ""
    due: str = ""
    secret: bool = False


class Roster(msgspec.Struct, frozen=True):
    """Units by serial number, and lines that could not be used, each with the reason."""

    units: tuple[RosterUnit, ...]
    problems: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True):
    """What is noted of one file. `check` is the head of its SHA-256: another content is another receipt."""

    path: str
    check: str = ""
    code: str = ""
    received: str = ""
    returned: str = ""
    reason: str = ""


class Reminder(msgspec.Struct, frozen=True):
    """A unit was reminded on a day."""

    date: str
    code: str
    name: str
    answer: str = ""


class Register(msgspec.Struct, frozen=True):
    """Everything that is noted, in the order it was noted."""

    receipts: tuple[Receipt, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    problems: tuple[str, ...] = ()


class Books(msgspec.Struct, frozen=True):
    """Roster and register; no unit in the roster: there is none. `today` is the caller's: an ISO date, "" where nobody is called late."""

    roster: Roster
    register: Register = Register()
    today: str = ""


def books_without_roster(days: Mapping[str, str]) -> Books:
    """What is known of when contents came in: head of the hash → day."""
    return Books(Roster(()), Register(tuple(Receipt("", check, received=day) for check, day in days.items())))


CHECK_LENGTH = 12


def check_of(sha256: str | None) -> str:
    """The head of a hash that the register shows."""
    return (sha256 or "")[:CHECK_LENGTH]
