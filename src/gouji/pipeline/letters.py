"""函件/: letters out of the store of a finished run.

gouji.db ─→ District ─→ one letter a unit (审核意见函, 整改通知), one for all (通报, 存在问题汇编)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from gouji.export.atomic import write_atomically
from gouji.export.district import District, collect_district
from gouji.export.filenames import NameBook, make_name
from gouji.export.letters.content import Case, Imprint, collect_cases, write_district_fields, write_unit_fields
from gouji.export.letters.fields import Fields, fill_text
from gouji.export.letters.layout import build_template
from gouji.export.letters.template import Template
from gouji.model.errors import UsageError
from gouji.model.result import Outcome
from gouji.patterns import Patterns, load_patterns
from gouji.patterns.letters import Letter
from gouji.pipeline.copies import find_kin
from gouji.pipeline.inputs import extend_path
from gouji.pipeline.keeping import keeping_in
from gouji.roster.unit import books_without_roster
from gouji.store import Store
from gouji.store.receipts import read_receipts

LETTERS = "函件"
STORE = "gouji.db"
NO_STORE = "{path} 里没有 gouji.db；请先运行 gouji run，或用 --store 指明数据库。"
NO_RUN = "数据库里没有完成的运行（可能中途打断了）；请先重新运行 gouji run，再生成函件。"
NO_KIND = "没有“{kind}”这种函件；可选：{kinds}。"
NO_TEMPLATE = "模板文件夹 {folder} 里没有 {names}；请用 --save-templates 写出模板，改好后再用 --template 指明。"
EXISTS = "文件已存在，没有覆盖：{path}；请换一个文件夹。"


class Order(msgspec.Struct, frozen=True):
    """What to write: from which store into which folder, which kinds (none: all), with whose templates and imprint."""

    out: Path
    store: Path | None = None
    folder: Path | None = None
    templates: Path | None = None
    kinds: tuple[str, ...] = ()
    year: int | None = None
    imprint: Imprint = Imprint()


def write_letters(order: Order, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Write the letters; Chinese lines that say how many there are and where."""
    patterns = load_patterns(order.folder)
    kinds = choose_kinds(patterns, order.kinds)
    check_templates(kinds, order.templates)
    templates = {letter.name: open_template(letter, patterns, order.templates) for letter in kinds}
    district, cases = collect_store(order, patterns)
    jobs = [(letter, fields) for letter in kinds for fields in list_fields(letter, district, cases, order, patterns)]
    names = NameBook()
    advice = []
    counts = dict.fromkeys(templates, 0)
    with keeping_in(order.out, _find_memory(order)) as keeping:
        for done, (letter, fields) in enumerate(jobs, 1):
            content = templates[letter.name].fill(fields)
            written = write_atomically(name_letter(order.out, letter, fields, names), content, keeping.put)
            counts[letter.name] += 1
            advice += [written.advice] if written.advice else []
            if progress is not None:
                progress(done, len(jobs))
        advice += keeping.tell()
    lines = [f"{name} {count} 份" if count else f"{name} 没有需要发的" for name, count in counts.items()]
    return [f"已生成：{'，'.join(lines)}。请打开：{(order.out / LETTERS).as_posix()}。", *advice]


def choose_kinds(patterns: Patterns, kinds: Sequence[str]) -> list[Letter]:
    """The kinds asked for, all where none is. Raises UsageError for one that does not exist."""
    known = {letter.name: letter for letter in patterns.letters.kinds}
    for kind in kinds:
        if kind not in known:
            raise UsageError(NO_KIND.format(kind=kind, kinds="、".join(known)))
    return [letter for name, letter in known.items() if not kinds or name in kinds]


def check_templates(kinds: list[Letter], folder: Path | None) -> None:
    """A folder of templates in which there is none of those wanted is a mistake."""
    names = [f"{letter.name}.docx" for letter in kinds]
    if folder is not None and not any((folder / name).is_file() for name in names):
        raise UsageError(NO_TEMPLATE.format(folder=folder.as_posix(), names="、".join(names)))


def open_template(letter: Letter, patterns: Patterns, folder: Path | None) -> Template:
    """The bureau's own template where it has one, else ours."""
    own = folder / f"{letter.name}.docx" if folder is not None else None
    if own is not None and own.is_file():
        return Template(own.read_bytes(), own.name)
    return Template(build_template(letter, patterns.letters), letter.name)


def save_templates(folder: Path, patterns_folder: Path | None) -> list[str]:
    """Write our templates for a bureau to edit; never over a file that is there."""
    patterns = load_patterns(patterns_folder)
    paths = {folder / f"{letter.name}.docx": letter for letter in patterns.letters.kinds}
    for path in paths:
        if path.exists():
            raise UsageError(EXISTS.format(path=path.as_posix()))
    for path, letter in paths.items():
        write_atomically(path, build_template(letter, patterns.letters))
    return [
        f"已写出模板：{'、'.join(path.name for path in paths)}。请用 WPS 或 Word 修改后，以 --template {folder.as_posix()} 使用。"
    ]


def collect_store(order: Order, patterns: Patterns) -> tuple[District, list[Case]]:
    """The district and the cases of the latest run."""
    path = order.store or order.out / STORE
    if not path.is_file():
        raise UsageError(NO_STORE.format(path=path.parent.as_posix()))
    with Store.open(path, read_only=True) as store:
        run = store.finished_run()
        if run is None:
            raise UsageError(NO_RUN)
        named: list[Outcome] = []
        district = collect_district(
            _noting(store.outcomes(run), named),
            patterns.exports.layouts["summary"],
            patterns.exports.labels,
            order.year,
            books_without_roster(read_receipts(store)),
        )
    return district, collect_cases(district, find_kin(named))


def _noting(outcomes: Iterator[Outcome], named: list[Outcome]) -> Iterator[Outcome]:
    """Hand the outcomes on, and keep who they are of."""
    for outcome in outcomes:
        reports = tuple(
            msgspec.structs.replace(report, facts=(), indicators=(), sections=(), goals=(), projects=(), unclaimed=())
            for report in outcome.reports
        )
        named.append(Outcome(outcome.source, reports=reports))
        yield outcome


def list_fields(
    letter: Letter, district: District, cases: list[Case], order: Order, patterns: Patterns
) -> Iterator[Fields]:
    """The fields of each letter of a kind: one for the district, or one for each unit that has cause."""
    labels, layout = patterns.exports.labels, patterns.exports.layouts["summary"]
    if letter.to == "district":
        yield write_district_fields(district, cases, order.imprint, labels, layout)
        return
    for case in cases:
        if case.graded("hard") if letter.when == "wrong" else case.told:
            yield write_unit_fields(case, district.year, order.imprint, labels)


def name_letter(out: Path, letter: Letter, fields: Fields, names: NameBook) -> Path:
    """Where one letter goes."""
    parts = [LETTERS] if letter.to == "district" else [LETTERS, letter.name]
    name = names.take("/".join([*parts, make_name(fill_text(letter.file, fields, letter.name))]))
    return Path(extend_path(str((out / name).resolve())))


def _find_memory(order: Order) -> Path:
    """What knows the letters of a folder: its own database; where it has none, the one they are made of."""
    own = order.out / STORE
    return own if own.is_file() or order.store is None else order.store
