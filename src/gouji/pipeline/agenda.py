"""What is still to be read: the inputs in order, and before the next of them the members of an archive just opened.

    (0,) 报告.docx   (1,) a.zip ─→ (1, 0) a.zip!/一股/报告.docx   (2,) 报告2.docx
                                   (1, 1) a.zip!/内.rar ─→ (1, 1, 0) a.zip!/内.rar!/报告.doc

A place is a path of ordinals. Outcomes come as workers finish; `in_order` gives them by their places.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from gouji.model.result import Failure, Outcome
from gouji.pipeline.inputs import InputFile
from gouji.pipeline.order import Unpacking
from gouji.readers.archives import Contents, Limits, Member, messages

MAX_DEPTH = 3
LIMITS = Limits()
Place = tuple[int, ...]
Loader = Callable[[], Outcome]
Settled = Loader | int  # an outcome, or how many members took the place of an archive


class Job(NamedTuple):
    """A file to read. `digest` is known of members; `serial` is its number among all jobs."""

    place: Place
    file: InputFile
    serial: int
    digest: str | None = None


class Agenda:
    """The jobs of a batch. All members out of one input share its limits, however they are nested."""

    def __init__(self, files: Sequence[InputFile], start: int, workspace: Path) -> None:
        self._inputs = enumerate(files, start=start)
        self._members: deque[Job] = deque()
        self._workspace = workspace
        self._serial = 0
        self._left: dict[int, Limits] = {}

    def draw(self) -> Job | None:
        """The next job, None while there is none; members may still come."""
        if self._members:
            return self._members.popleft()
        found = next(self._inputs, None)
        return None if found is None else Job((found[0],), found[1], self._next_serial())

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial

    def plan_unpacking(self, job: Job) -> Unpacking:
        """How the file is to be unpacked, should it be an archive."""
        limits = self._left.get(job.place[0], LIMITS)
        return Unpacking(str(self._workspace / str(job.serial)), limits, too_deep=len(job.place) > MAX_DEPTH)

    def admit(self, job: Job, contents: Contents) -> Contents:
        """The contents, or none where others from the same input took the room while this archive was unpacked."""
        size = sum(member.size for member in contents.members if member.file is not None)
        left = self._left.get(job.place[0], LIMITS)
        if len(contents.members) > left.members or size > left.total_bytes:
            shutil.rmtree(self.plan_unpacking(job).folder, ignore_errors=True)
            return Contents((), contents.skipped, Failure("too_many", messages.NO_ROOM))
        self._left[job.place[0]] = msgspec.structs.replace(
            left, members=left.members - len(contents.members), total_bytes=left.total_bytes - size
        )
        return contents

    def add_members(self, job: Job, members: Sequence[Member], start: int) -> int:
        """Put the members of an archive that came out next in line, their places counted from `start`; how many."""
        jobs: list[Job] = []
        for member in members:
            if member.file is not None:
                file = InputFile(member.file, f"{job.file.relative}!/{member.path}", member.size)
                jobs.append(Job((*job.place, start + len(jobs)), file, self._next_serial(), member.sha256))
        self._members.extendleft(reversed(jobs))
        return len(jobs)

    def close(self, job: Job) -> None:
        """A member that is done is not kept."""
        if len(job.place) > 1:
            with suppress(OSError):
                Path(job.file.path).unlink()


def in_order(answers: Iterator[tuple[Place, Settled]]) -> Iterator[Loader]:
    """Give outcomes by their places, holding back only those that are early."""
    held: dict[Place, Settled] = {}
    following: list[Place] = [(0,)]
    for place, settled in answers:
        held[place] = settled
        while following[-1] in held:
            current = following.pop()
            if len(current) == 1:
                following.append((current[0] + 1,))
            taken = held.pop(current)
            if isinstance(taken, int):
                following += [(*current, index) for index in reversed(range(taken))]
            else:
                yield taken
    if held:
        raise RuntimeError(f"outcomes without their turn: {sorted(held)}")
