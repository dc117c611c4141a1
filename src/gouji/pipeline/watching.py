"""gouji watch: look at a folder again and again, and process what has arrived.

    look → sizes and times of all files   unchanged since the last look → settled     changed → still being copied
    something settled is new, changed or gone → the whole run, which does no work twice

Polling, because network drives report no changes. Nothing stops it but the user: a folder that is away, a workbook that
is open, a run that fails are said once and tried again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gouji.model.errors import GoujiError
from gouji.pipeline.inputs import find_inputs

if TYPE_CHECKING:
    from gouji.pipeline.batch import Request

Look = dict[str, tuple[int, int]]
AWAY = "文件夹暂时打不开，{seconds} 秒后再看：{what}"
FAILED = "这一轮没有完成，{seconds} 秒后重试：{what}"


class Watcher:
    """One watched folder. `run` processes a request and returns its lines; `say` shows a line."""

    def __init__(
        self, request: Request, run: Callable[[Request], list[str]], say: Callable[[str], None], interval: float
    ) -> None:
        self._request = request
        self._run = run
        self._say = say
        self._interval = interval
        self._last: Look = {}
        self._done: Look | None = None
        self._trouble = ""

    def look(self) -> bool:
        """One look. Whether a run was made."""
        try:
            found = take_stock(self._request)
        except (GoujiError, OSError) as error:
            self._complain(AWAY, error)
            return False
        settled = {path: state for path, state in found.items() if self._last.get(path) == state}
        self._last = found
        if not settled or settled == self._done:
            return False
        return self._process(settled, frozenset(found.keys() - settled.keys()))

    def _process(self, settled: Look, unsettled: frozenset[str]) -> bool:
        try:
            lines = self._run(self._request._replace(unsettled=unsettled))
        except (GoujiError, OSError) as error:
            self._complain(FAILED, error)
            return False
        self._done = settled
        self._trouble = ""
        for line in lines:
            self._say(line)
        return True

    def _complain(self, message: str, error: Exception) -> None:
        """Say what is wrong, once for the same trouble."""
        text = message.format(seconds=f"{self._interval:g}", what=error)
        if text != self._trouble:
            self._say(text)
        self._trouble = text


def take_stock(request: Request) -> Look:
    """Size and time of every file that a run would read; OSError where an input is away."""
    for path in request.inputs:
        os.stat(path)  # noqa: PTH116 - only to see that it is there
    return dict(_iter_states(request))


def _iter_states(request: Request) -> Iterator[tuple[str, tuple[int, int]]]:
    for file in find_inputs(request.inputs, request.out).files:
        try:
            status = os.stat(file.path)  # noqa: PTH116 - a \\?\ path must reach the system unchanged
        except FileNotFoundError:  # moved away since the walk
            continue
        yield file.path, (status.st_size, status.st_mtime_ns)
