"""What the workers of test_workers.py are asked to do. The payload says how much of it."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path


def echo(payload: bytes) -> bytes:
    return payload[::-1]


def tell_pid(payload: bytes) -> bytes:
    return str(os.getpid()).encode()


def sleep(payload: bytes) -> bytes:
    time.sleep(float(payload))
    return payload


def chatter(payload: bytes) -> bytes:
    """Prints by every way there is; the frames must not notice."""
    print("stdout" * 1000)
    print("stderr" * 1000, file=sys.stderr)
    os.write(1, b"\x00\xff" * 1000)
    subprocess.run([sys.executable, "-c", "print('child'); input() if 0 else None"], check=True)
    return sys.stdin.read().encode() + payload


class Unpicklable(Exception):
    """Carries a lock, and cannot even be printed when asked to."""

    def __init__(self, printable: bool) -> None:
        super().__init__("带锁的错误")
        self.lock = threading.Lock()
        self.printable = printable

    def __str__(self) -> str:
        if not self.printable:
            raise RuntimeError("no text")
        return "带锁的错误"


def misbehave(payload: bytes) -> bytes:
    """One way to go wrong for each payload; anything else comes back."""
    match payload:
        case b"raise":
            raise Unpicklable(printable=True)
        case b"raise-unprintable":
            raise Unpicklable(printable=False)
        case b"exit":
            sys.exit(5)
        case b"interrupt":
            raise KeyboardInterrupt
        case b"recurse":
            return misbehave(payload)
        case b"not-bytes":
            return "文字"  # type: ignore[return-value]
        case b"os-exit":
            os._exit(7)
        case b"segfault":
            ctypes.string_at(0)
        case b"hang":
            while True:
                pass
        case b"hog":
            grow(1 << 22)
        case b"grab":
            bytearray(1 << 40)
    return payload


def grow(step: int) -> None:
    """Fill memory with pages that are really used."""
    kept = []
    while True:
        kept.append(b"\xff" * step)
        time.sleep(0.005)  # slow enough for the watch to see it


def spawn_and_hang(payload: bytes) -> bytes:
    """Starts a child that outlives its task, notes both process ids in the file named by the payload, hangs."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(payload.decode()).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(600)
    return b""


def hold_lock(payload: bytes) -> bytes:
    """Notes its process id, then backtracks for ages without letting another thread run."""
    Path(payload.decode()).write_text(str(os.getpid()))
    re.match(r"(a+)+$", "a" * 60 + "b")
    return b""


def leak(payload: bytes, kept: list[bytes] = []) -> bytes:  # noqa: B006 - keeping it is the point
    kept.append(os.urandom(int(payload)))
    return str(os.getpid()).encode()


def load_greeting(argument: bytes) -> list[bytes]:
    return [argument, str(os.getpid()).encode()]


def greet(state: list[bytes], payload: bytes) -> bytes:
    return b" ".join([*state, payload])


def die_at_start(argument: bytes) -> None:
    with Path(argument.decode()).open("a") as tries:
        tries.write(".")
    print("last words", file=sys.stderr, flush=True)
    os._exit(9)


def refuse_to_load(argument: bytes) -> None:
    raise ValueError("patterns are broken: " + argument.decode())
