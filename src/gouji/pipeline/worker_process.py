"""The far end of a worker pool: a process that does one task at a time. A script; imports nothing of gouji itself.

    stdin   start: {"path": sys.path, "call": "module:function", "setup": …}   then one frame a task
    stdout  READY, then one frame a task:  kind byte + bytes

    frame = 8 bytes length, big endian + content

Descriptors 0 and 1 are moved away at once, so that nothing a library prints can get between the frames. A thread
reads the pipe: when the pool is gone, however it went, it ends this process and its children at once, whatever a task
is doing.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

READY, DONE, ERROR, OUT_OF_MEMORY = b"R", b"D", b"E", b"M"
MAX_MESSAGE = 4000
# Address space counts mapped libraries and thread stacks, not only what is in use.
ADDRESS_SLACK = 1 << 30
# A task that holds the interpreter lock (a regular expression may, for ages) stops the thread that watches the pipe.
# Should the pool be killed just then, the alarm of the system ends this process a little after the task's own time.
ALARM_GRACE = 5


def main() -> None:
    """Serve tasks until the pool closes the pipe."""
    frames_in, frames_out = take_pipes()
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=read_frames, args=(frames_in, tasks), daemon=True).start()
    start = json.loads(tasks.get())
    try:
        call = load_call(start)
    except BaseException:  # noqa: BLE001 - whatever it is, the pool must hear of it
        write_frame(frames_out, ERROR, traceback.format_exc()[-MAX_MESSAGE:].encode("utf-8", "replace"))
        os._exit(1)
    limit_memory(start["memory"])
    write_frame(frames_out, READY, b"")
    while True:
        payload = tasks.get()
        set_alarm(start["timeout"] + ALARM_GRACE)
        kind, content = do_task(call, payload)
        set_alarm(0)
        del payload
        write_frame(frames_out, kind, content)


def take_pipes() -> tuple[int, int]:
    """The pipe ends under private numbers that no child inherits; 0 reads nothing, 1 goes where 2 goes."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - Windows only

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    frames_in, frames_out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return frames_in, frames_out


def load_call(start: dict[str, Any]) -> Callable[[bytes], bytes]:
    """The function to call; with a setup, its state is made once and goes first into every call."""
    sys.path[:] = start["path"]
    call = load_function(start["call"])
    if start["setup"] is None:
        return call
    name, argument = start["setup"]
    state = load_function(name)(bytes.fromhex(argument))
    return lambda payload: call(state, payload)


def load_function(name: str) -> Callable[..., Any]:
    """Find the function that "module:function" names."""
    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return function


def do_task(call: Callable[[bytes], bytes], payload: bytes) -> tuple[bytes, bytes]:
    """The result, or the error as text: an exception is never sent, it might not survive the journey.

    BaseException, because a library's panic or sys.exit() must cost one file, not the worker.
    """
    try:
        result = call(payload)
        if not isinstance(result, bytes):
            return ERROR, f"TypeError: a task must return bytes, not {type(result).__name__}".encode()
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except BaseException as error:  # noqa: BLE001 - as above
        return ERROR, describe_error(error).encode("utf-8", "replace")
    return DONE, result


def describe_error(error: BaseException) -> str:
    """The end of the traceback; the bare type where even printing the error fails."""
    try:
        return "".join(traceback.format_exception(error))[-MAX_MESSAGE:]
    except Exception:  # noqa: BLE001 - __str__ of a foreign error may raise anything
        return type(error).__name__


def read_frames(source: int, tasks: queue.SimpleQueue[bytes]) -> None:
    """Hand on whole frames; when the pipe ends, end everything."""
    while True:
        head = read_exactly(source, 8)
        content = read_exactly(source, int.from_bytes(head, "big"))
        tasks.put(content)
        del content


def read_exactly(source: int, size: int) -> bytes:
    """So many bytes, or no return at all."""
    parts = bytearray()
    while len(parts) < size:
        chunk = os.read(source, min(size - len(parts), 1 << 20))
        if not chunk:
            end_everything()
        parts += chunk
    return bytes(parts)


def write_frame(target: int, kind: bytes, content: bytes) -> None:
    """Send one frame; a pool that is gone ends this process."""
    data = memoryview(len(kind + content).to_bytes(8, "big") + kind + content)
    try:
        while data:
            data = data[os.write(target, data) :]
    except OSError:
        end_everything()


def end_everything() -> None:
    """End this process and, where it leads a process group of its own, everything it started."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def limit_memory(memory: int) -> None:
    """Let a runaway allocation fail at once, where the system can: the pool's watch only looks now and then."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = memory + ADDRESS_SLACK
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
    except (ValueError, OSError):  # macOS refuses; the pool's watch is the bound there
        return


def set_alarm(seconds: float) -> None:
    """Let the system end this process, 0 to call it off. The pool's own timeout comes first; this is for orphans."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
