"""The tables of what finance already holds and of exchanged budget codes (see references.py), schema 4.

reference_imports ─< reference_facts      a later import of the same kind and year supersedes; nothing is deleted
code_changes                              old → new budget codes
"""

from __future__ import annotations

REFERENCE_TABLES = """
CREATE TABLE reference_imports (        -- 导入的参照数据：每个文件一行，被取代的仍保留
  id            INTEGER PRIMARY KEY,
  kind          TEXT NOT NULL,          -- 批复预算 部门决算 编制 资产 三公 指标执行数
  year          INTEGER NOT NULL,
  source        TEXT NOT NULL,          -- 文件名
  sha256        TEXT NOT NULL,
  imported_at   TEXT,                   -- 由调用方给出，可空
  superseded_by INTEGER REFERENCES reference_imports (id), -- 被哪一次导入取代；空 = 有效
  removed_at    TEXT                    -- 由人撤下的时间；空 = 有效
);
CREATE TABLE reference_facts (          -- 参照数据：每个数字及其出处
  id          INTEGER PRIMARY KEY,
  import_id   INTEGER NOT NULL REFERENCES reference_imports (id),
  unit_code   TEXT,
  unit_name   TEXT,
  year        INTEGER NOT NULL,
  concept     TEXT NOT NULL,
  stage       TEXT NOT NULL,            -- initial 年初 / adjusted 调整 / final 决算
  scope       TEXT,                     -- 口径；空 = 未写明
  value       TEXT NOT NULL,            -- 按原文位数的十进制文本
  unit        TEXT,
  decimals    INTEGER,
  raw         TEXT NOT NULL,            -- 原文
  place       TEXT NOT NULL,            -- 位置（文字说明）
  evidence_id TEXT NOT NULL
);
CREATE INDEX reference_facts_import ON reference_facts (import_id);
CREATE TABLE code_changes (             -- 机构改革后预算编码新旧对照
  id          INTEGER PRIMARY KEY,
  year        INTEGER NOT NULL,         -- 新编码启用的年度
  old         TEXT NOT NULL,
  new         TEXT NOT NULL,
  name        TEXT,
  source      TEXT NOT NULL,
  imported_at TEXT
);
CREATE INDEX code_changes_year ON code_changes (year);
CREATE INDEX reports_year ON reports (fiscal_year);
"""
