"""What a worker process does with one task: open the file, run it through the line, hand back an encoded Answer."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gouji.model.errors import say_reason
from gouji.model.result import Failure, Outcome, Source
from gouji.pipeline.document import examine, file_name
from gouji.pipeline.inputs import find_clutter
from gouji.pipeline.order import Answer, Unpacking, WorkOrder
from gouji.pipeline.single import engine_of
from gouji.readers.archives import ARCHIVES, Contents, Packed, messages, unpack
from gouji.readers.sniff import sniff

_ENCODER = msgspec.msgpack.Encoder()


def process_task(payload: bytes) -> bytes:
    """WorkOrder → Answer, both as msgpack."""
    order = msgspec.msgpack.decode(payload, type=WorkOrder)
    name = file_name(order.relative)
    try:
        data = Path(order.path).read_bytes()
    except OSError as error:
        source = Source(name, order.relative, None, None, None)
        message = f"文件打不开（{say_reason(error)}）；请检查权限，或关闭正在使用它的程序后重试。"
        return _ENCODER.encode(Answer(Outcome(source, Failure("corrupt", message))))
    kind = sniff(data)
    if kind in ARCHIVES and order.unpacking is not None:
        packed = Packed(Path(order.path), name, data, order.passwords)
        return _ENCODER.encode(Answer(contents=unpack_members(packed, kind, order.unpacking)))
    engine = engine_of(order.folder, order.rule_set)
    examined = examine(data, name, order.relative, engine, order.year, order.passwords)
    return _ENCODER.encode(Answer(examined.outcome))


def unpack_members(packed: Packed, kind: str, unpacking: Unpacking) -> Contents:
    """The members of an archive, or why it is not opened at all."""
    if unpacking.too_deep:
        return Contents((), {}, Failure("too_many", messages.TOO_DEEP))
    if unpacking.limits.members <= 0 or unpacking.limits.total_bytes <= 0:
        return Contents((), {}, Failure("too_many", messages.NO_ROOM))
    return unpack(packed, kind, Path(unpacking.folder), limits=unpacking.limits, skip=find_clutter)
