"""SQL of submissions that came in several files; it is part of gouji.db (schema.py).

自评报告.docx 0 ─┐
附件1.xlsx    0 ─┼ lead 自评报告.docx
附件2.docx    0 ─┘        withdrawn: what 附件1.xlsx was found to lack by itself and another file has
"""

from __future__ import annotations

PART_TABLES = """
CREATE TABLE parts (                    -- 几个文件合为一份报送的：每份报告归到哪个文件名下
  run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  path       TEXT NOT NULL,
  ordinal    INTEGER NOT NULL,          -- 文件中的第几份报告，从 0 起
  lead       TEXT NOT NULL,             -- 领头的文件
  lead_ordinal INTEGER NOT NULL,        -- 及其中的第几份报告
  PRIMARY KEY (run_id, path, ordinal)
) WITHOUT ROWID;
CREATE TABLE withdrawn (                -- 单独看一个文件时的判定，合并核对后不再成立
  run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  finding_id    TEXT NOT NULL,
  PRIMARY KEY (run_id, submission_id, finding_id)
) WITHOUT ROWID;
"""
