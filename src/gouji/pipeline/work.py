"""What a worker process does with one task: open the file, run it through the line, hand back an encoded Outcome."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gouji.model.result import Failure, Outcome, Source
from gouji.pipeline.document import examine, file_name
from gouji.pipeline.order import WorkOrder
from gouji.pipeline.single import engine_of

_ENCODER = msgspec.msgpack.Encoder()


def process_task(payload: bytes) -> bytes:
    """WorkOrder → Outcome, both as msgpack."""
    order = msgspec.msgpack.decode(payload, type=WorkOrder)
    name = file_name(order.relative)
    try:
        data = Path(order.path).read_bytes()
    except OSError as error:
        source = Source(name, order.relative, None, None, None)
        message = f"文件打不开（{error.strerror or error}）；请检查权限，或关闭正在使用它的程序后重试。"
        return _ENCODER.encode(Outcome(source, Failure("corrupt", message)))
    engine = engine_of(order.folder)
    return _ENCODER.encode(examine(data, name, order.relative, engine, order.year, order.passwords).outcome)
