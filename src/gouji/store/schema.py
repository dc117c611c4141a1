# ruff: noqa: S608 - the SQL below is put together from names of its own
"""The tables of gouji.db, in SQL whose comments stay in the file and show in any SQLite tool.

    runs ─< files >─ submissions ─< reports ─< facts
                          │            └────< indicators
                          └──< findings ─< evidence
    decisions            (append-only; speaks of findings by their stable id, survives every rerun)
    reference_imports ─< reference_facts     (what finance already holds; a later import supersedes, nothing is lost)
    code_changes                             (old → new budget codes after a reorganisation)

A submission is content + engine + options, so one row serves many runs. Amounts are Decimal as TEXT; `wan` is the
same amount in 万元. The views show the latest complete run, or the latest one where none was completed.
"""

from __future__ import annotations

from gouji.store.schema_copies import COPY_TABLES, RECEIPT_TABLES, WRITTEN_TABLES
from gouji.store.schema_parts import PART_TABLES
from gouji.store.schema_references import REFERENCE_TABLES

APPLICATION_ID = 0x676F756A  # "gouj": tells our file from any other SQLite database
SCHEMA_VERSION = 7

TABLES = """
CREATE TABLE runs (                     -- 一次运行
  id         INTEGER PRIMARY KEY,
  engine     TEXT NOT NULL,             -- 程序版本
  options    TEXT NOT NULL,             -- 表式、规则与选项的摘要
  rule_set   TEXT,                      -- 规则集名称
  started    TEXT,                      -- 由调用方给出，可空
  complete   INTEGER NOT NULL DEFAULT 0 -- 1 = 已全部完成
);
CREATE TABLE submissions (              -- 报送件：同一内容只读一次
  id         INTEGER PRIMARY KEY,
  sha256     TEXT,                      -- 内容的 SHA-256；读不到内容时为空
  engine     TEXT NOT NULL,
  options    TEXT NOT NULL,
  name       TEXT NOT NULL,
  path       TEXT NOT NULL,             -- 第一次读到时的相对路径
  format     TEXT,
  bytes      INTEGER,
  via        TEXT,
  error      TEXT,                      -- 读取失败代码，正常为空
  message    TEXT,                      -- 读取失败说明
  outcome    BLOB NOT NULL              -- 完整结果：zlib(msgpack)
);
CREATE UNIQUE INDEX submissions_key ON submissions (sha256, engine, options);
CREATE TABLE files (                    -- 某次运行读到的文件
  run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  path          TEXT NOT NULL,          -- 相对路径，压缩包内为 a.zip!/b.docx
  submission_id INTEGER NOT NULL REFERENCES submissions (id),
  completed     BLOB,                   -- 与上年、参照数据、其他报告对照并计入豁免后的结果；没有对照时为空
  PRIMARY KEY (run_id, path)
) WITHOUT ROWID;
CREATE INDEX files_submission ON files (submission_id);
CREATE TABLE reports (                  -- 报告：一个报送件可有多份
  id            INTEGER PRIMARY KEY,
  submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  ordinal       INTEGER NOT NULL,       -- 从 0 起
  form          TEXT,
  unit_name     TEXT,
  budget_code   TEXT,
  fiscal_year   INTEGER,
  report_date   TEXT
);
CREATE INDEX reports_submission ON reports (submission_id);
CREATE TABLE facts (                    -- 数据项：每个数字及其出处
  id          INTEGER PRIMARY KEY,
  report_id   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  ordinal     INTEGER NOT NULL,
  project     TEXT,                     -- 属于某个项目时为项目名称
  concept     TEXT NOT NULL,
  label       TEXT,
  header_path TEXT NOT NULL,            -- 多级表头，以 " / " 相连
  entity      TEXT,
  main        INTEGER NOT NULL,         -- 1 = 本单位（汇总行）
  period      INTEGER,
  stage       TEXT NOT NULL,            -- initial 年初 / adjusted 调整 / final 决算
  scope       TEXT,
  state       TEXT NOT NULL,            -- value zero blank none missing unreadable withheld
  value       TEXT,                     -- 按打印位数的十进制文本
  unit        TEXT,
  decimals    INTEGER,
  low         TEXT,
  high        TEXT,
  wan         TEXT,                     -- 金额折合万元，十进制精确换算
  raw         TEXT NOT NULL,            -- 原文
  origin      TEXT NOT NULL,            -- table 表格 / prose 文字
  place       TEXT NOT NULL,            -- 位置（文字说明）
  evidence_id TEXT,
  unit_evidence_id TEXT,
  page        INTEGER,
  pattern     TEXT
);
CREATE INDEX facts_report ON facts (report_id, concept);
CREATE TABLE indicators (               -- 评分表的行
  id          INTEGER PRIMARY KEY,
  report_id   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  ordinal     INTEGER NOT NULL,
  kind        TEXT NOT NULL,            -- item 计分项 / bonus 加分项 / deduction 扣分项
  level1      TEXT,
  level2      TEXT,
  level3      TEXT,
  criterion   TEXT,
  weight      TEXT,
  weight_shared_by INTEGER NOT NULL,    -- 几行共用一个分值格
  score       TEXT,
  score_state TEXT,
  reason      TEXT,
  place       TEXT NOT NULL,
  evidence_id TEXT
);
CREATE INDEX indicators_report ON indicators (report_id);
CREATE TABLE findings (                 -- 核查发现
  id            INTEGER PRIMARY KEY,
  submission_id INTEGER NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  run_id        INTEGER REFERENCES runs (id) ON DELETE CASCADE, -- 空：只凭报告本身；否则为该次运行对照所得，取代同号的
  ordinal       INTEGER NOT NULL,
  finding_id    TEXT NOT NULL,          -- 问题编号：单位-年度-规则，重报后不变
  rule          TEXT NOT NULL,
  rule_version  TEXT NOT NULL,
  title         TEXT NOT NULL,
  verdict       TEXT NOT NULL,          -- fail review undecided pass not_applicable waived
  severity      TEXT NOT NULL,          -- hard 必改 / explain 需说明 / note 提示
  audience      TEXT NOT NULL,          -- department / bureau / template
  waivable      INTEGER NOT NULL,
  unit_name     TEXT,
  fiscal_year   INTEGER,
  entity        TEXT,
  expression    TEXT,
  difference    TEXT,
  tolerance     TEXT,
  message       TEXT NOT NULL,
  causes        TEXT NOT NULL,          -- JSON
  affects       TEXT NOT NULL,          -- JSON
  basis         TEXT,
  basis_verified INTEGER
);
CREATE INDEX findings_submission ON findings (submission_id);
CREATE INDEX findings_id ON findings (finding_id);
CREATE INDEX findings_run ON findings (run_id, submission_id);
CREATE TABLE evidence (                 -- 发现所依据的单元格
  id          INTEGER PRIMARY KEY,
  finding_row INTEGER NOT NULL REFERENCES findings (id) ON DELETE CASCADE,
  ordinal     INTEGER NOT NULL,
  report      INTEGER NOT NULL,         -- 报送件中第几份报告，从 0 起
  evidence_id TEXT NOT NULL,
  place       TEXT NOT NULL,
  concept     TEXT,
  raw         TEXT NOT NULL,
  value       TEXT,
  relation    TEXT NOT NULL
);
CREATE INDEX evidence_finding ON evidence (finding_row);
CREATE TABLE decisions (                -- 复核记录：只能追加
  id          INTEGER PRIMARY KEY,
  finding_id  TEXT NOT NULL,            -- 问题编号
  action      TEXT NOT NULL,            -- waive 豁免 / confirm 确认 / correct 更正 / reopen 重开
  evidence    TEXT NOT NULL,            -- 所依据数值的摘要，数值变了即失效
  old_value   TEXT,
  new_value   TEXT,
  reason_code TEXT NOT NULL,
  reason      TEXT NOT NULL,
  decided_by  TEXT NOT NULL,
  decided_at  TEXT NOT NULL,
  valid_until TEXT
);
CREATE INDEX decisions_finding ON decisions (finding_id);
"""

PEOPLE_TABLES = """
CREATE TABLE ledger (                   -- 整改台账：每个问题的经过
  finding_id  TEXT PRIMARY KEY,
  unit        TEXT NOT NULL,            -- 单位-年度，与问题编号的开头相同
  unit_name   TEXT NOT NULL,
  budget_code TEXT NOT NULL,
  rule        TEXT NOT NULL,
  title       TEXT NOT NULL,
  severity    TEXT NOT NULL,
  message     TEXT NOT NULL,
  first_seen  TEXT NOT NULL,            -- 首次发现日期
  last_seen   TEXT NOT NULL,            -- 最近一次发现日期
  rounds      INTEGER NOT NULL,         -- 出现在几个版本中
  version     TEXT NOT NULL,            -- 最近一次所在报送件的 SHA-256
  settled     TEXT                      -- 重报后不再出现的日期
) WITHOUT ROWID;
CREATE TABLE ledger_entries (           -- 台账中由人填写的内容：只能追加，最后一条有效
  id         INTEGER PRIMARY KEY,
  finding_id TEXT NOT NULL,
  field      TEXT NOT NULL,             -- 栏目名称
  value      TEXT NOT NULL,
  source     TEXT NOT NULL,             -- 读自哪个文件
  entered    TEXT NOT NULL              -- 读回日期
);
CREATE TABLE sample_checks (            -- 抽查复核结果：只能追加，同一核对编号最后一条有效
  id         INTEGER PRIMARY KEY,
  key        TEXT NOT NULL,             -- 核对编号：文件摘要-报告序号-证据号
  agrees     INTEGER NOT NULL,          -- 1 = 与原件一致
  should_be  TEXT NOT NULL,
  checked_by TEXT NOT NULL,
  checked_on TEXT NOT NULL,
  remark     TEXT NOT NULL,
  source     TEXT NOT NULL,
  entered    TEXT NOT NULL
);
CREATE TABLE frozen (                   -- 定稿：已签字的状态，副本在 定稿/名称 文件夹
  id     INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE,
  day    TEXT NOT NULL,
  run_id INTEGER NOT NULL
);
CREATE TABLE purges (                   -- 何时清除过多少内容；不记清除的是谁
  id       INTEGER PRIMARY KEY,
  day      TEXT NOT NULL,
  files    INTEGER NOT NULL,
  reports  INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  written  INTEGER NOT NULL
);
CREATE INDEX ledger_entries_finding ON ledger_entries (finding_id);
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, '台账填写内容只能追加，不能修改'); END;
CREATE TRIGGER ledger_entries_no_replace BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '台账填写内容只能追加，不能替换'); END;
"""

# REPLACE deletes without firing delete triggers, so an explicit id that exists is refused before insertion.
TRIGGERS = """
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, '复核记录只能追加，不能修改'); END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, '复核记录只能追加，不能删除'); END;
CREATE TRIGGER decisions_no_replace BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '复核记录只能追加，不能替换'); END;
"""

# Columns of the view 汇总: heading → concept. Money is shown in 万元, everything else as printed.
SUMMARY_COLUMNS: dict[str, str] = {
    "人员编制": "staffing.authorized",
    "实有人数": "staffing.actual",
    "收入合计": "income.total",
    "上年结转": "income.carryover",
    "公共财政拨款": "income.public_budget",
    "政府基金拨款": "income.gov_fund",
    "专户非税收入": "income.special_account",
    "其他收入": "income.other",
    "支出合计": "expenditure.total",
    "基本支出": "expenditure.basic",
    "人员支出": "expenditure.personnel",
    "公用支出": "expenditure.public",
    "项目支出": "expenditure.project",
    "当年结余": "balance.current",
    "累计结余": "balance.cumulative",
    "三公经费合计": "three_public.total",
    "公务接待费": "three_public.reception",
    "公务用车运维费": "three_public.vehicle_running",
    "公务用车购置费": "three_public.vehicle_purchase",
    "因公出国费": "three_public.abroad",
    "固定资产合计": "assets.total",
    "在用固定资产": "assets.in_use",
    "出租固定资产": "assets.leased",
    "其他固定资产": "assets.other",
    "自评得分": "performance.score",
    "自评等次": "performance.grade",
}

LATEST_RUN = "(SELECT id FROM runs ORDER BY complete DESC, id DESC LIMIT 1)"

# The accused amounts, and every amount of the same topic under the same unit; the unit's own cell accuses what stands
# under it only where no amount is named. A copy or a witness is what shows the unit to be wrong.
_DOUBTFUL_VIEW = """
CREATE VIEW 单位存疑 AS                  -- 金额单位可能有误的数据项，不进入汇总
WITH named AS (
  SELECT r.id AS report, e.evidence_id AS place, e.relation AS relation
  FROM findings n JOIN evidence e ON e.finding_row = n.id
    JOIN reports r ON r.submission_id = n.submission_id AND r.ordinal = e.report
  WHERE n.rule = 'X5-unit' AND n.verdict = 'fail' AND n.severity = 'hard'),
blocks AS (
  SELECT DISTINCT w.report_id AS report, w.unit_evidence_id AS unit_place,
    REPLACE(SUBSTR(w.concept, 1, INSTR(w.concept, '.')), 'balance.', 'expenditure.') AS topic
  FROM named JOIN facts w ON w.report_id = named.report AND w.evidence_id = named.place
  WHERE named.relation NOT IN ('witness', 'copy', 'unit') AND w.wan IS NOT NULL)
SELECT v.id AS fact FROM facts v JOIN blocks ON blocks.report = v.report_id AND blocks.unit_place IS v.unit_evidence_id
  AND blocks.topic = REPLACE(SUBSTR(v.concept, 1, INSTR(v.concept, '.')), 'balance.', 'expenditure.')
WHERE v.wan IS NOT NULL AND v.state = 'value'
UNION
SELECT v.id FROM facts v JOIN named ON named.report = v.report_id AND named.place = v.unit_evidence_id
WHERE v.wan IS NOT NULL AND v.state = 'value' AND named.relation = 'unit' AND v.report_id NOT IN (SELECT report FROM blocks);"""


# What holds of a submission in the latest run: what its own content gives, unless the comparison said otherwise.
_CURRENT_VIEW = f"""
CREATE VIEW 现行发现 AS                  -- 最近一次运行的全部判定
SELECT n.* FROM findings n
WHERE n.run_id = {LATEST_RUN} OR (n.run_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM findings o
  WHERE o.run_id = {LATEST_RUN} AND o.submission_id = n.submission_id AND o.finding_id = n.finding_id)
  AND NOT EXISTS (
  SELECT 1 FROM withdrawn w
  WHERE w.run_id = {LATEST_RUN} AND w.submission_id = n.submission_id AND w.finding_id = n.finding_id));"""


def build_views() -> str:
    """SQL of the Chinese views."""
    return f"{_CURRENT_VIEW}\n{_DOUBTFUL_VIEW}\n{_build_summary_view()}\n{_FINDINGS_VIEW}\n{_FACTS_VIEW}\n"


def _build_summary_view() -> str:
    columns = ",\n  ".join(
        f"MAX(CASE WHEN concept = '{c}' THEN shown END) AS {name}" for name, c in SUMMARY_COLUMNS.items()
    )
    return f"""
CREATE VIEW 汇总 AS                      -- 每份报告一行；金额单位：万元
WITH ranked AS (                        -- 本单位、本年度、决算、表格优先
  SELECT r.id AS report, v.concept,
    CASE WHEN v.id IN (SELECT fact FROM 单位存疑) THEN NULL ELSE COALESCE(v.wan, v.value) END AS shown,
    ROW_NUMBER() OVER (PARTITION BY r.id, v.concept ORDER BY
      v.state = 'missing', v.scope IS NOT NULL, v.origin <> 'table', v.ordinal) AS rank
  FROM files f JOIN reports r ON r.submission_id = f.submission_id JOIN facts v ON v.report_id = r.id
  WHERE f.run_id = {LATEST_RUN} AND v.main AND v.project IS NULL AND v.stage = 'final'
    AND (v.period IS NULL OR r.fiscal_year IS NULL OR v.period = r.fiscal_year)),
hard AS (
  SELECT n.submission_id, n.unit_name, COUNT(*) AS hits FROM 现行发现 n
  WHERE n.verdict = 'fail' AND n.severity = 'hard' GROUP BY n.submission_id, n.unit_name)
SELECT r.budget_code AS 预算编码, r.unit_name AS 单位, r.fiscal_year AS 年度, r.report_date AS 报告日期,
  {columns},
  COALESCE(hard.hits, 0) AS 必改,
  f.path AS 文件
FROM files f JOIN reports r ON r.submission_id = f.submission_id
  LEFT JOIN ranked ON ranked.report = r.id AND ranked.rank = 1
  LEFT JOIN hard ON hard.submission_id = r.submission_id AND hard.unit_name IS r.unit_name
WHERE f.run_id = {LATEST_RUN}
GROUP BY f.path, r.id
ORDER BY r.budget_code, r.unit_name;"""


_FINDINGS_VIEW = f"""
CREATE VIEW 问题 AS                      -- 每个发现一行
SELECT n.finding_id AS 问题编号, n.unit_name AS 单位, n.fiscal_year AS 年度, n.rule AS 规则, n.title AS 名称,
  CASE n.verdict WHEN 'fail' THEN '不符' WHEN 'review' THEN '需核实' WHEN 'undecided' THEN '无法判断'
    WHEN 'waived' THEN '已豁免' WHEN 'pass' THEN '通过' ELSE '不适用' END AS 判定,
  CASE WHEN n.severity = 'hard' AND n.verdict <> 'review' THEN '必改' WHEN n.severity = 'note' THEN '提示' ELSE '需说明' END AS 级别,
  n.message AS 问题描述, n.expression AS 算式, n.difference AS 差额, n.tolerance AS 容差, n.basis AS 依据, f.path AS 文件
FROM files f JOIN 现行发现 n ON n.submission_id = f.submission_id
WHERE f.run_id = {LATEST_RUN} AND n.verdict NOT IN ('pass', 'not_applicable')
ORDER BY f.path, n.ordinal;"""

_FACTS_VIEW = f"""
CREATE VIEW 数据项 AS                    -- 每个数字一行，原文与位置俱在
SELECT r.budget_code AS 预算编码, r.unit_name AS 单位, r.fiscal_year AS 年度, v.concept AS 要素, v.label AS 标签,
  v.entity AS 机构, v.period AS 所属年度, v.stage AS 阶段, v.scope AS 口径, v.state AS 状态, v.value AS 数值, v.unit AS 计量单位,
  v.raw AS 原文, v.place AS 位置, v.evidence_id AS 证据号, f.path AS 文件
FROM files f JOIN reports r ON r.submission_id = f.submission_id JOIN facts v ON v.report_id = r.id
WHERE f.run_id = {LATEST_RUN}
ORDER BY f.path, r.ordinal, v.ordinal;"""


# The views are made anew at every upgrade; so are the columns that a later schema added, empty for what is old.
VIEWS = ("现行发现", "单位存疑", "汇总", "问题", "数据项")
UPGRADES: dict[int, str] = {
    1: """
ALTER TABLE files ADD COLUMN completed BLOB;
ALTER TABLE findings ADD COLUMN run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE;
CREATE INDEX findings_run ON findings (run_id, submission_id);
""",
    2: PEOPLE_TABLES,
    3: REFERENCE_TABLES,
    4: COPY_TABLES,
    5: WRITTEN_TABLES + PART_TABLES,
    6: RECEIPT_TABLES,
}


def upgrade_script(version: int) -> str:
    """SQL that brings a file of an older schema to this one: nothing in it is lost."""
    drops = "".join(f"DROP VIEW IF EXISTS {name};\n" for name in VIEWS)
    steps = "".join(UPGRADES[step] for step in range(version, SCHEMA_VERSION))
    return f"{drops}{steps}{build_views()}\nPRAGMA user_version = {SCHEMA_VERSION};\n"
