"""Scoring and goal tables: header roles, data rows, repeated headers after a page break.

一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因   →  ScoreBlock(segments)
评价内容 | 绩效目标 | 完成情况                                       →  GoalBlock
姓名 | 职务/职称 | 单位 | 签字                                       →  PeopleBlock
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.locate.headers import leaves_of_header
from gouji.model.anchor import Column, GoalBlock, PeopleBlock, ScoreSegment

if TYPE_CHECKING:
    from gouji.locate.headers import Leaf
    from gouji.locate.vocabulary import Vocabulary
    from gouji.text.rows import Row

_TELLING = {
    "weight",
    "score",
    "lower_score",
    "reviewed_score",
    "target",
    "actual_value",
}  # an indicator's points, or its values
LEVELS = ("level1", "level2", "level3")
_POINTS = {"weight", "score"}
_WEIGHED_NAMES = re.compile(r"[(（](?:满分|分值|权重|标准分|分数)(?:值|\d+分)?[)）]")
_WEIGHED = ("加权", "折算", "折合")
_DIVIDING = {"item", "entity", "ordinal", "measure", *_POINTS, *LEVELS}
_SCORING = (
    *LEVELS,
    "criterion",
    "explanation",
    "weight",
    "score",
    "reviewed_score",
    "last_score",
    "reason",
    "lower_score",
    "target",
    "actual_value",
    "nature",
    "measure",
    "ordinal",
    "remark",
)


def is_score_header(row: Row, vocabulary: Vocabulary) -> bool:
    """A row that names a level of indicators and its weight, score, target or value."""
    roles = {role for placed in row.cells for role in vocabulary.roles(placed.text)}
    if not roles or any(placed.numeric for placed in row.cells):
        return False
    fresh = {role for placed in row.filled for role in vocabulary.roles(placed.text)}
    if not roles.isdisjoint(LEVELS):
        return bool(roles & _TELLING) and len(fresh & set(_SCORING)) > 1
    return _is_loose_header(row, fresh, vocabulary)


def _is_loose_header(row: Row, roles: set[str], vocabulary: Vocabulary) -> bool:
    """项目 | 考核内容 | 考核指标 | … | 权数 | 考评得分: words of several uses name levels beside both weight and score.

    One such word is enough where no label speaks of money or of a rate (评价内容 | 分值 | 得分); the weight may stand behind the names
    (指标（满分） | 自评分).
    """
    levels = [level for level in LEVELS if f"loose_{level}" in roles]
    if not levels or "score" not in roles or any(vocabulary.moment(placed.text) is not None for placed in row.filled):
        return False
    if len(levels) > 1 and "weight" in roles:
        return True
    weighed = "weight" in roles or any(_WEIGHED_NAMES.search(placed.label) for placed in row.filled)
    return weighed and not any(_is_of_figures(placed.text, vocabulary) for placed in row.filled)


def _is_of_figures(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a label heads a column of amounts or rates."""
    kinds = {meaning.concept.kind for meaning in vocabulary.meanings(text)}
    return bool(kinds & {"money", "percent", "count"}) or "amount" in vocabulary.roles(text)


def opens_score_header(rows: list[Row], vocabulary: Vocabulary) -> int:
    """How many header rows begin here: 1, or 2 where the levels stand in the second; 0 where none does."""
    opens = is_score_header(rows[0], vocabulary)
    if len(rows) == 1:
        return int(opens)
    if opens:
        is_tall = not rows[0].ragged and _shares_cells(rows)
        return 2 if is_tall and (is_score_header(rows[1], vocabulary) or _divides_levels(rows[1], vocabulary)) else 1
    roles = {role for placed in rows[0].filled for role in vocabulary.roles(placed.text)}
    tall = len(roles & {"criterion", "weight", "score", "reason"}) > 1
    return 2 if tall and is_score_header(rows[1], vocabulary) else 0


def _shares_cells(rows: list[Row]) -> bool:
    """Whether the second row continues cells of the first (a two-row header, not a repeated one)."""
    return any(not placed.fresh for placed in rows[1].cells)


def _divides_levels(row: Row, vocabulary: Vocabulary) -> bool:
    """名称 | 权重（%） | 名称 | 权重（%） below the levels: nothing but words of headers, points among them."""
    roles = [vocabulary.roles(placed.text) for placed in row.fresh if placed.text]
    return len(roles) > 1 and all(role & _DIVIDING for role in roles) and any(role & _POINTS for role in roles)


def score_segment(header: list[Row], data: list[Row], vocabulary: Vocabulary, *, closed: bool = False) -> ScoreSegment:
    """Columns by role over header and data rows."""
    columns: dict[str, Column] = {}
    others: list[Column] = []
    leaves = leaves_of_header(header, vocabulary, None)
    for leaf, role in zip(leaves, _roles_of_leaves(leaves, vocabulary), strict=True):
        column = Column(leaf.start, leaf.end, leaf.path, leaf.text, role=role)
        if role is not None and (role not in columns or _is_own_score(role, column, columns[role])):
            columns[role] = column
        else:
            others.append(column)
    if "score" not in columns and "lower_score" in columns:
        columns["score"] = columns.pop("lower_score")
    return ScoreSegment(
        table=header[0].table,
        header=(header[0].index, header[-1].index + 1),
        columns=columns,
        rows=tuple(row.index for row in data),
        others=tuple(others),
        closed=closed,
    )


def _roles_of_leaves(leaves: list[Leaf], vocabulary: Vocabulary) -> list[str | None]:
    """The role of each column. Points right after a level are its weight, whatever their label, where the score comes later:

    一级指标 | 得分 | 二级指标 | 得分 | 三级指标 | 得分 | 评价标准 | 得分
    """
    loose = not any(_score_role(leaf, vocabulary) in LEVELS for leaf in leaves)
    roles = [_score_role(leaf, vocabulary, loose=loose) for leaf in leaves]
    if loose and len({role for role in roles if role in LEVELS}) == 1:
        roles = [
            "level3" if role in LEVELS else role for role in roles
        ]  # 评价内容 | 分值 | 得分: the one column of names
    if "target" in roles and "actual_value" not in roles:  # 指标值 | 完成情况
        roles = [role or _result_role(leaf, vocabulary) for leaf, role in zip(leaves, roles, strict=True)]
    points = [index for index, role in enumerate(roles) if role in ("weight", "score")]
    level = ""
    for index, role in enumerate(roles):
        level = role if role in LEVELS and role is not None else level
        is_last = index == points[-1] if points else True
        if index not in points or is_last or (role == "weight" and roles.count("weight") == 1):
            continue
        if role == "score" and ("score" not in roles[index + 1 :] or roles[index - 1] not in LEVELS):
            continue  # 二级指标 | 得分 | 满分: the full marks may stand last; 权重 | 得分 | 加权得分
        if level in ("level1", "level2"):
            roles[index] = f"{level}_weight"
        elif role == "score" and "weight" not in roles and roles[index - 1] == "level3":
            roles[index] = "weight"
    return roles


def _result_role(leaf: Leaf, vocabulary: Vocabulary) -> str | None:
    return "actual_value" if "goal_result" in vocabulary.roles(leaf.text) else None


def _score_role(leaf: Leaf, vocabulary: Vocabulary, *, loose: bool = False) -> str | None:
    for placed in reversed(leaf.cells):
        roles = vocabulary.roles(placed.text)
        level = next((level for level in LEVELS if f"loose_{level}" in roles), None) if loose else None
        role = level or next((role for role in _SCORING if role in roles), None)
        if role is not None:
            return role
    return None


def _is_own_score(role: str, column: Column, known: Column) -> bool:
    """Of two score columns the one that says 自评 is the department's own; 加权得分 counts, not the 百分制 before it."""
    if role != "score":
        return False
    weighed = [any(word in key for word in _WEIGHED) for key in (column.key, known.key)]
    return weighed == [True, False] or (weighed[0] == weighed[1] and "自评" in column.key and "自评" not in known.key)


def goal_block(row: Row, data: list[Row], vocabulary: Vocabulary) -> GoalBlock | None:
    """A row that names a goal's target and its result, with the rows below it."""
    if not any("goal_target" in vocabulary.roles(placed.text) for placed in row.filled):
        return None
    target = result = None
    kinds: list[Column] = []
    for leaf in leaves_of_header([row], vocabulary, None):
        roles = vocabulary.roles(leaf.text)
        column = Column(leaf.start, leaf.end, leaf.path, leaf.text)
        if "goal_target" in roles and target is None:
            target = column
        elif "goal_result" in roles and result is None:
            result = column
        elif "goal_kind" in roles:
            kinds.append(column)
    if target is None or result is None:
        return None
    return GoalBlock(
        table=row.table,
        header=(row.index, row.index + 1),
        kind_columns=tuple(kinds),
        target=target,
        result=result,
        rows=tuple(line.index for line in data),
        qualitative=not kinds,
    )


def people_block(row: Row, data: list[Row], vocabulary: Vocabulary) -> PeopleBlock | None:
    """A row that names 姓名 beside a post, a unit or a signature."""
    name: Column | None = None
    others = 0
    for placed in row.filled:
        roles = vocabulary.roles(placed.text)
        if "person_name" in roles:
            name = Column(placed.start, placed.end, (placed.label,), placed.key)
        elif roles & {"person_post", "person_unit", "signature"}:
            others += 1
    if name is None or not others:
        return None
    return PeopleBlock(row.table, name, tuple(line.index for line in data))
