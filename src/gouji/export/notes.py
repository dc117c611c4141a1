"""口径说明: what the workbook was made of and how to read it, on a sheet of its own.

读取情况   files read, failed with the reason, notices
汇总范围   what counts once, what was left out and why
口径       unit of money, blank cells, tolerance, rule set
图例       one line a colour, in that colour
审核结果   how often each verdict was given, and every waiver
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.export.records import VERDICTS
from gouji.export.registration import IN_HAND, OUTSTANDING
from gouji.export.unread import fold_pictures
from gouji.export.workbook import SheetWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.export.district import District
    from gouji.patterns.exports import Exports

_LEGEND_STATES = ("blank", "none", "missing", "unreadable", "withheld")
_LEGEND_TEXTS = {
    "blank": "有底色的空单元格：原表此格空白。按空处理，合计时不加数；空白不等于 0",
    "none": "无底色的空单元格，带批注：单位声明没有此项（无、—、/、不涉及）",
    "missing": "有底色的空单元格，带批注：该表式应有此项，但报告中没有这一栏",
    "unreadable": "有底色的空单元格，带批注：原文不是可以确认的数字，请对照原件",
    "withheld": "有底色的空单元格，带批注：单位注明涉密或不公开",
}
_MAX_LISTED = 500


class Provenance(msgspec.Struct, frozen=True):
    """Where the results come from. `skipped`: why files were passed over → how many. Nothing here names a user or machine."""

    engine: str = ""
    rule_set: str = ""
    rule_version: str = ""
    skipped: dict[str, int] = {}

    def describe_rules(self) -> str:
        """The rule set and its version."""
        return " ".join(filter(None, (self.rule_set, self.rule_version)))


class Note(msgspec.Struct, frozen=True):
    """One line of the sheet; `fill` colours its middle cell."""

    topic: str
    item: str
    text: str
    fill: str = ""


def write_notes_sheet(
    writer: SheetWriter,
    district: District,
    exports: Exports,
    provenance: Provenance,
    *,
    every: bool,
    public: bool = False,
) -> None:
    """Write the lines of `list_notes`; in the public workbook those that name no unit, file or finding."""
    notes = list_public_notes(district, exports) if public else list_notes(district, exports, provenance, every=every)
    for note in notes:
        cells = {"topic": note.topic, "item": note.item, "text": note.text}
        writer.start_row({n: cells[column.field] for n, column in enumerate(writer.columns)})
        for place, column in enumerate(writer.columns):
            text = cells[column.field]
            fill = note.fill if column.field == "item" else ""
            writer.put_text(place, text, writer.text_format(text, fill))
        writer.row += 1
    writer.filter_rows(writer.row - 1)
    writer.finish()


def list_notes(district: District, exports: Exports, provenance: Provenance, *, every: bool) -> Iterator[Note]:
    """Every line, in order. `every`: each figure has a comment."""
    yield from _reading_notes(district, provenance)
    yield from _scope_notes(district)
    yield from _measure_notes(exports, provenance, every=every)
    yield from _legend_notes(exports)
    yield from _verdict_notes(district, exports)


def list_public_notes(district: District, exports: Exports) -> Iterator[Note]:
    """How to read the public workbook."""
    unit = exports.layouts["summary"].unit
    yield Note("汇总范围", "汇总家数", f"{len(district.departments)} 家，每家单位同一年度只汇总一份报告")
    yield Note("口径", "金额单位", f"统一为{unit}，以元等其他单位填报的按十进制精确换算")
    yield Note("口径", "数字来源", "单元格中的数字都是单位填报的原数；合计、比率各栏为公式，由本表计算")
    yield Note("口径", "合计", "合计行随筛选变化，只合计显示的行；空白格不参与合计")
    for state in ("blank", "missing", "unreadable", "withheld"):
        text = _LEGEND_TEXTS[state].replace("，带批注", "")
        yield Note("图例", exports.labels.states.get(state, state), text, state)


def _reading_notes(district: District, provenance: Provenance) -> Iterator[Note]:
    topic = "读取情况"
    reports = len(district.departments) + len(district.left_out)
    yield Note(
        topic,
        "读到的文件",
        f"{district.files} 个，其中 {len(district.failures)} 个没有得到报告；共得到报告 {reports} 份",
    )
    for reason, count in provenance.skipped.items():
        yield Note(topic, "跳过的文件", f"{reason}：{count} 个")
    folded = fold_pictures(district.failures)
    for failed in folded[:_MAX_LISTED]:
        yield Note(topic, f"{'扫描件' if failed.owner else '未能读取'}：{failed.path}", failed.message)
    yield from _cut_note(topic, len(folded))
    for path, message in district.notices[:_MAX_LISTED]:
        yield Note(topic, f"读取提示：{path}", message)
    yield from _cut_note(topic, len(district.notices))


def _cut_note(topic: str, count: int) -> Iterator[Note]:
    if count > _MAX_LISTED:
        yield Note(topic, "其余", f"共 {count} 条，此处列出前 {_MAX_LISTED} 条，其余见运行记录.json")


def _scope_notes(district: District) -> Iterator[Note]:
    topic = "汇总范围"
    yield from _attendance_notes(topic, district)
    yield Note(
        topic,
        "一家一行",
        "每家单位同一年度只汇总一份报告；报告、基础数据表、评分表分成几个文件报送、内容互不重复的，合为一份；有几个版本的，都登记了收到日期的取后收到的一份，否则取报告日期较晚的一份，不看文件时间；部门汇总行与其所属单位的行是同一笔钱，只取汇总行",
    )
    for department, reason in district.left_out:
        yield Note(topic, f"未汇入：{department.name}", f"{reason}。文件：{department.identity.path}")


def _attendance_notes(topic: str, district: District) -> Iterator[Note]:
    """应报, 已报, 缺报 by the roster, and what is still to be settled."""
    attendance = district.attendance
    if attendance is None:
        yield Note(topic, "应报家数", "未提供单位名册，无法判断哪些单位未报；提供名册后可列出未报单位")
        return
    outstanding = [line.name for line in attendance.lines if line.unit is not None and line.state in OUTSTANDING]
    yield Note(topic, "应报家数", f"{attendance.expected()} 家，按单位名册；涉密单位不要求报送电子报告，不计入")
    yield Note(
        topic,
        "已报家数",
        f"{attendance.count(IN_HAND)} 家，其中逾期 {attendance.count(('late',))} 家；退回待重报的计入已报",
    )
    yield Note(topic, "汇总家数", f"{len(district.departments)} 家")
    yield Note(topic, "缺报家数", f"{len(outstanding)} 家：{'、'.join(outstanding)}" if outstanding else "没有")
    yield Note(
        topic,
        "单位与名册的对应",
        "先按预算编码（含原编码），再按名称（全称、去掉地区名、简称）；不能确定的列为待确认，由人在收件登记.xlsx 中填写，不作猜测",
    )
    yield Note(topic, "逾期", "只按登记的收到日期判断；没有登记收到日期的不判为逾期")
    for problem in attendance.problems[:_MAX_LISTED]:
        yield Note(topic, "名册和登记中的问题", problem)


def _measure_notes(exports: Exports, provenance: Provenance, *, every: bool) -> Iterator[Note]:
    topic = "口径"
    unit = exports.layouts["summary"].unit
    yield Note(
        topic,
        "金额单位",
        f"统一为{unit}，以元等其他单位填报的按十进制精确换算，原文见批注；计量单位可能有误的不汇入，单元格标红留空",
    )
    yield Note(
        topic, "数字来源", "单元格中的数字都是单位填报的原数；合计、核对、比率各栏为公式，由本表计算，不是单位填报数"
    )
    yield Note(topic, "合计", "小计和合计随筛选变化，只合计显示的行，合计不重复计算小计；空白格不参与合计")
    yield Note(
        topic,
        "等次分布和图表",
        "等次、平均分、得分分布、问题数由《汇总表》《审核问题》实时计算，填写复核得分后随之变化；扣分汇总和“三公”经费排序是生成本表时的数",
    )
    yield Note(
        topic,
        "扣分汇总",
        "平均得分率是各单位该项自评得分与分值之比的平均数；与他项共用分值的行不计入；主要原因按出现次数列前三种",
    )
    yield Note(topic, "核对栏", "差额不为 0 时显示为蓝色粗体。差额可能只是四舍五入的尾差，是否有误以《审核问题》为准")
    yield Note(
        topic,
        "容差",
        "每个打印的数字代表其末位正负半个单位的区间，只有合计的区间与各项之和的区间不相交才判为不符；人数、份数和不带小数的得分没有容差",
    )
    yield Note(
        topic,
        "批注",
        "每个数字的批注写明原文和在报告中的位置"
        if every
        else "需要说明的单元格带批注；全部数字的原文和位置见 gouji.db 的“数据项”",
    )
    yield Note(topic, "规则集", provenance.describe_rules() or "未注明")
    yield Note(topic, "程序版本", f"gouji {provenance.engine}".strip())


def _legend_notes(exports: Exports) -> Iterator[Note]:
    topic, labels = "图例", exports.labels
    yield Note(
        topic,
        labels.severities.get("hard", ""),
        "此格有必须更正的问题，点单元格转到《审核问题》中的那一行；空单元格不带链接，行号见批注",
        "hard",
    )
    yield Note(
        topic,
        labels.severities.get("explain", ""),
        "此格需要更正或书面说明，点单元格转到《审核问题》中的那一行；空单元格不带链接，行号见批注",
        "explain",
    )
    for state in _LEGEND_STATES:
        fill = state if state != "none" else ""
        yield Note(topic, labels.states.get(state, state), _LEGEND_TEXTS[state], fill)
    yield Note(topic, "无底色、无批注的空单元格", "该单位所用表式没有这一项")
    yield Note(topic, "浅黄底色", "供复核、整改等人工填写的栏目", "people")


def _verdict_notes(district: District, exports: Exports) -> Iterator[Note]:
    topic = "审核结果"
    if not district.verdicts:
        yield Note(topic, "未审核", "本次没有运行审核规则")
    for verdict in VERDICTS:
        if verdict in district.verdicts:
            yield Note(
                topic,
                exports.labels.verdicts.get(verdict, verdict),
                f"{district.verdicts[verdict]} 项（含未汇入的报告）",
            )
    waived = [problem.finding for problem in district.problems if problem.finding.verdict == "waived"]
    for finding in waived[:_MAX_LISTED]:
        yield Note(topic, f"已豁免：{finding.unit_name or ''} {finding.id}", finding.message)
    yield from _cut_note(topic, len(waived))
