"""What a sentence has said so far: year, stage, whether the clause tells a change, whose parts are being told.

三公经费 10万元 ( 其中 公务接待费 4万元 ) , 比 上年 减少 1万元
subject  last   head: three_public.total   blocked until the next comma
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.extract.prose_tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.extract.prose_names import Names
    from gouji.model.report import Stage

UNKNOWN = -1
_DEEPEST = 12
_BLOCKING = frozenset("BCHM")
_UNTIL = frozenset({"截至", "截止"})
_ACTUAL = frozenset({"实际", "完成", "发生", "实现", "支付", "列支", "共支出"})


class Claim(NamedTuple):
    """One statement. `number` is None where absence is declared; then [start, end) are the words that do.

    `unit` is the token that prints the unit. `year` is None where the report's own is unknown.
    """

    concept: str
    label: Token
    number: Token | None
    unit: Token | None
    start: int
    end: int
    year: int | None
    stage: Stage
    scope: str | None
    mark: str


class Head(NamedTuple):
    """An amount whose parts follow. `concept` is "" where another thing than the unit itself has the amount."""

    concept: str
    stage: Stage = "final"
    claim: int = -1


class Subject(NamedTuple):
    """The label a clause without one speaks of, and what has been said of it."""

    label: Token
    concept: str
    scope: str | None = None
    claimed: bool = False
    at: int = -1
    stage: Stage = "final"
    year: int | None = None
    stage_named: bool = False
    year_named: bool = False
    claim: int = -1


class Clause(NamedTuple):
    """What holds up to the next comma.

    `clean`: only totals of the unit have been told before (`telling`: or what it had and has left); `other`: it speaks of
    another thing.
    """

    start: int = 0
    blocked: bool = False
    clean: bool = True
    telling: bool = True
    foreign: bool = False
    stage: Stage | None = None
    year: int | None = None
    year_named: bool = False
    other: bool = False


class Saved(NamedTuple):
    """What comes back when a bracket closes."""

    clause: Clause
    year: int | None
    pending: Stage | None
    subject: Subject | None
    last: str
    whole: Head | None
    heads: int


class State:
    """Updated token by token. `last`: what the last number was; `ceiling`: a change, whose parts following amounts may be."""

    def __init__(self, tokens: Sequence[Token], own_year: int | None, names: Names, year: int | None) -> None:
        self.tokens = tokens
        self.own_year = own_year
        self.names = names
        self.stated_unit: Token | None = None
        self.told: set[str] = set()
        self.national: bool | None = None  # 全年预算数、全年执行数: the words of another form
        self.money: list[Token] | None = None  # the amounts of money, collected where a bare 0 needs their unit
        self.begin_sentence(year)
        self.heads: list[Head] = []
        self.subject: Subject | None = None
        self.whole: Head | None = None

    def begin_sentence(self, year: int | None) -> None:
        """Forget what a full stop ends."""
        self.year = self.told_year = year
        self.saved: list[Saved] = []
        self.clause = Clause(year=year)
        self.pending: Stage | None = None
        self.one_stage = self._only_stage()
        self.sentence_stage = self.one_stage or self._stage_of_part(0)
        self.partial = self.foreign = self.beside_foreign = self.group_blocked = self.loosened = False
        self.clean = self.telling = True
        self.last = ""
        self.change: Token | None = None
        self.amount: Token | None = None
        self.ceiling: Token | None = None

    def go_on_from(self, before: State) -> None:
        """The next piece of a sentence that is too long to be read at once."""
        self.year, self.told_year, self.pending = before.year, before.told_year, before.pending
        self.partial, self.foreign, self.group_blocked = before.partial, before.foreign, before.group_blocked
        self.clean = self.telling = False
        self.clause = before.clause._replace(start=0, clean=False, telling=False)
        self.heads, self.saved, self.whole, self.ceiling = before.heads, before.saved, before.whole, before.ceiling

    def _only_stage(self, start: int = 0, end: int | None = None) -> Stage | None:
        """The one stage that opens a sentence and is followed by no other, nor by a word of what happened."""
        places = range(start, len(self.tokens) if end is None else end)
        marks = [i for i in places if self.tokens[i].letter == "S" and self.is_stage(i)]
        labels = (i for i in places if self.tokens[i].letter in "LlWG")
        if not marks or marks[0] > next(labels, len(self.tokens)):
            return None
        stages = {word.stage for i in marks if (word := self.tokens[i].word) is not None}
        happened = any(self.tokens[i].letter == "J" and self.tokens[i].text in _ACTUAL for i in places)
        return None if len(stages) > 1 or happened else stage_named(stages.pop())

    def _stage_of_part(self, start: int) -> Stage | None:
        """The stage that opens this part of a sentence, where the parts have stages of their own: 预算…；决算…"""
        ends = (i for i in range(start, len(self.tokens)) if self.tokens[i].letter == ";")
        return self._only_stage(start, next(ends, None))

    def is_ending(self, token: Token) -> bool:
        """Whether a text before a label is the name of the unit or of its people."""
        return token.letter == "X" and token.match is None and self.names.is_own(token.text)

    def is_announced(self, subject: Subject) -> bool:
        """因公出国费：…: a label of this sentence before a colon."""
        after = self.tokens[subject.at + 1] if 0 <= subject.at < len(self.tokens) - 1 else None
        return after is not None and after.text == ":" and self.tokens[subject.at] is subject.label

    def is_stage(self, index: int) -> bool:
        """按预算, 严格执行预算 are no stage."""
        before = self.tokens[index - 1] if index else None
        return before is None or before.letter != "X" or self.is_ending(before)

    def see(self, index: int) -> None:
        """Take note of a token that no statement uses up."""
        token = self.tokens[index]
        handler = _HANDLERS.get(token.letter)
        if handler is not None:
            handler(self, index, token)

    def see_block(self, _index: int, token: Token) -> None:
        """比, 减少, 占, 计划: no level before the next comma. What is compared with names no year of the statement."""
        if token.letter == "B":
            self.year = self.clause.year
        self.clause = self.clause._replace(blocked=True)

    def see_result(self, _index: int, _token: Token) -> None:
        """降至: a level again."""
        self.clause = self.clause._replace(blocked=False)

    def see_year(self, _index: int, token: Token) -> None:
        """A named year, unless it is the one compared with."""
        if self.clause.blocked:
            return
        self.partial = False
        self.year = self.year_of(token)
        self.clause = self.clause._replace(year_named=True)

    def year_of(self, token: Token) -> int | None:
        """The year a token names: 2020年, 上年, 与上年相比."""
        if token.year is not None:
            return token.year
        if token.word is None or (token.letter != "Y" and not token.word.year):
            return None
        if self.own_year is not None:
            return self.own_year + token.word.year
        return UNKNOWN if token.word.year else None

    def see_partial(self, index: int, token: Token) -> None:
        """上半年: no whole year. 截至2023年11月30日: what follows is of that year, and not the whole of it."""
        self.partial = True
        if index and self.tokens[index - 1].text in _UNTIL and token.text[4:5] == "年" and not self.clause.blocked:
            self.year = int(token.text[:4])

    def see_stage(self, index: int, token: Token) -> None:
        """预算, 决算."""
        if token.word is None or not self.is_stage(index):
            return
        stage = stage_named(token.word.stage)
        self.clause = self.clause._replace(stage=stage)
        self.pending = None if stage == "final" else stage

    def see_reason(self, index: int, token: Token) -> None:
        """支出增加8万元，主要是培训费7万元: amounts after the reason of a change are parts of it."""
        if self.last == "change":
            self.group_blocked = True
            self.clause = self.clause._replace(blocked=True)
        else:
            self.see_group(index, token)

    def see_foreign(self, _index: int, _token: Token) -> None:
        """下属: another unit."""
        self.clause = self.clause._replace(foreign=True)

    def see_other(self, _index: int, token: Token) -> None:
        """A text that is no unit's name."""
        if token.letter in "WUV":
            self.clause = self.clause._replace(other=True)
        elif not self.is_ending(token):
            self.clean = self.telling = False
            self.clause = self.clause._replace(other=True)

    def see_label(self, index: int, token: Token) -> None:
        """A label nothing has been said of yet."""
        if self.clause.foreign:
            self.foreign = True
        if not self.clause.blocked and token.word is not None and token.word.concept and token.letter == "L":
            self.subject = Subject(token, token.word.concept, at=index)

    def see_number(self, _index: int, token: Token) -> None:
        """A number that no label has."""
        if token.letter == "A":
            self.amount = token
        if self.clause.blocked:
            self.last, self.change = "change", token
            return
        self.last = "other" if self.clause.other else ""
        self.clean = self.telling = False

    def see_comma(self, index: int, _token: Token) -> None:
        """A new clause."""
        blocked = self.group_blocked or bool(self.saved and self.saved[-1].clause.blocked)
        self.beside_foreign = self.clause.foreign
        foreign = self.foreign and self.clause.foreign
        self.clause = Clause(index + 1, blocked, self.clean, self.telling, foreign, year=self.year)

    def see_semicolon(self, index: int, token: Token) -> None:
        """A new part of the sentence: parts of a head may go on, stages and changes do not."""
        self.pending = None
        self.foreign = self.group_blocked = False
        self.ceiling = None
        self.last = ""
        self.loosened = True
        self.sentence_stage = self.one_stage or self._stage_of_part(index + 1)
        if self.heads:
            self.subject = None
        self.see_comma(index, token)

    def see_open(self, index: int, _token: Token) -> None:
        """A bracket right after an amount tells its parts."""
        self.saved.append(
            Saved(self.clause, self.year, self.pending, self.subject, self.last, self.whole, len(self.heads))
        )
        if index and self.tokens[index - 1].letter in "AN":
            self.push_head()
        self.clause = Clause(
            index + 1, self.clause.blocked, clean=False, telling=False, foreign=self.clause.foreign, year=self.year
        )

    def see_close(self, _index: int, _token: Token) -> None:
        """Back to what the bracket interrupted."""
        if self.saved:
            saved = self.saved.pop()
            self.clause, self.year, self.pending, self.subject, self.last, self.whole = saved[:6]
            del self.heads[saved.heads :]

    def see_group(self, index: int, _token: Token) -> None:
        """其中: parts of the last amount; after 下属单位3个, one of those."""
        if self.beside_foreign:
            self.foreign = True
        if index == 0 and self.whole is not None:
            self.heads.append(self.whole)
        elif index and self.tokens[index - 1].letter != "(":
            self.push_head()
        blocked = self.group_blocked or (self.clause.blocked and self.last == "change" and bool(self.saved))
        self.clause = Clause(
            index + 1,
            blocked,
            clean=False,
            telling=False,
            foreign=self.clause.foreign or self.beside_foreign,
            stage=self.clause.stage,
            year=self.year,
        )

    def see_each(self, index: int, token: Token) -> None:
        """三公经费5万元，均为公务接待费5万元: what the amount consists of."""
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after is not None and after.letter == "L":
            self.see_group(index, token)

    def see_inside(self, index: int, _token: Token) -> None:
        """基本支出中，…: parts of what the label names; 防汛项目中，…: parts of another thing."""
        before = self.tokens[index - 1] if index else None
        if before is None or len(self.heads) >= _DEEPEST:
            return
        if before.letter == "L" and before.word is not None:
            self.heads.append(Head(before.word.concept))
        elif before.letter in "XW" and not self.is_ending(before):
            self.heads.append(Head(""))

    def push_head(self) -> None:
        """Whose parts follow: the last amount claimed, another thing, or a change."""
        if len(self.heads) >= _DEEPEST:
            self.heads[-1] = Head("")
        elif self.last == "other":
            self.heads.append(Head(""))
        elif self.last == "change" and self.whole is None:
            self.group_blocked = True
        elif self.whole is not None:
            self.ceiling = self.change if self.last == "change" else None
            self.heads.append(self.whole)


def stage_named(name: str) -> Stage:
    """The stage of a word of the lexicon."""
    if name == "initial":
        return "initial"
    return "adjusted" if name == "adjusted" else "final"


_HANDLERS = {
    **dict.fromkeys("BCHM", State.see_block),
    "I": State.see_inside, "E": State.see_each,
    "T": State.see_result, "Y": State.see_year, "P": State.see_partial, "S": State.see_stage, "Q": State.see_foreign, "F": State.see_reason,
    **dict.fromkeys("XWUV", State.see_other),
    "L": State.see_label, "A": State.see_number, "N": State.see_number, ",": State.see_comma,
    ";": State.see_semicolon, "(": State.see_open, ")": State.see_close, "K": State.see_group,
}  # fmt: skip
