"""SQL of what is known of the files put down so far: annotated copies, letters, sheets, and of when files came in; part of gouji.db (schema.py)."""

from __future__ import annotations

COPY_TABLES = """
CREATE TABLE copies (                   -- 批注件和复核页：放下之前先登记；运行结束、写进运行记录后清空
  id          INTEGER PRIMARY KEY,
  path        TEXT NOT NULL,            -- 在输出文件夹中的路径
  sha256      TEXT NOT NULL,            -- 放下的内容的校验值：内容仍是它，就没有人改过
  basis       TEXT NOT NULL,            -- 所依据的一切的摘要
  remarks     INTEGER NOT NULL,
  moved       INTEGER NOT NULL,
  advice      TEXT,                     -- 要告诉用户的话
  kept        TEXT                      -- 原有的、有人改过的那份改成了什么名字
);
CREATE INDEX copies_sha256 ON copies (sha256);
"""

RECEIPT_TABLES = """
CREATE TABLE receipts (                 -- 收件登记里的收到日期，按内容记：几个版本中以哪份为准
  sha256      TEXT PRIMARY KEY,         -- 内容的校验码（前 12 位）
  received    TEXT NOT NULL             -- 收到日期，没有登记的为空
) WITHOUT ROWID;
"""

WRITTEN_TABLES = """
CREATE TABLE written (                  -- 函件、抽查复核表等写出的文件：放下之前先登记，据此认出有人改过的
  id          INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL UNIQUE      -- 写出的内容的校验值：内容仍是它，就没有人改过
);
CREATE TABLE kept (                     -- 有人改过、已改名保留、还没有告诉用户的文件；告诉以后清空
  id          INTEGER PRIMARY KEY,
  path        TEXT NOT NULL             -- 新的路径
);
"""
