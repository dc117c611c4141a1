"""提及(正文, …) and 列支(正文, …): what sentences name, and what they say money was spent on.

主要用于办公费、印刷费、公务用车运行维护等支出    提及 and 列支
无公务用车运行维护费；未发生公务接待              neither: negated, before or after
严格执行《公务用车管理办法》；压减公务接待支出     提及 only: a regulation, an intention
租车费；2020年公务用车运行维护费                  neither
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.patterns.formula import MENTIONS, Body, Call, Column, Ref, Text, When, walk
from gouji.validate.case import present
from gouji.validate.judgement import Judgement, replaced
from gouji.validate.prose.text import any_of, clause_around, has_any, tells_other_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.formula import Expr
    from gouji.patterns.lexicon import Lexicon
    from gouji.validate.case import Case
    from gouji.validate.prose.text import Passage, Sentence

_CLAUSES = re.compile(r"[,。;:!?\n]")
_ITEMS = re.compile(r"[,。;:!?\n()、和及与]")
_BOOK = re.compile(r"《[^》]*$")
_NEAR = 16
_AMOUNT = re.compile(r"^[^,;。、()]{0,6}?\d")


def sentences_that_mention(call: Call, case: Case) -> list[Sentence]:
    """The sentences of the narrative that a condition rests on. What is denied in one sentence is spent on in none."""
    words = words_of(call)
    if not has_any(case.said, words):
        return []
    where = call.arguments[0]
    section = where.section if isinstance(where, Body) else None
    holding = [sentence for passage in case.passages for sentence in _holding(passage, words, section)]
    if call.function != "列支":
        return [sentence for sentence in holding if is_named(sentence.text, words, case)]
    if _is_denied((*words, *case.rules.lexicon["wholes"]), case):
        return []
    return [sentence for sentence in holding if is_spent_on(sentence, words, case)]


def _holding(passage: Passage, words: tuple[str, ...], section: str | None) -> Iterator[Sentence]:
    if has_any(passage.text, words) and (section is None or section in passage.title):
        yield from (sentence for sentence in passage.sentences() if has_any(sentence.text, words))


def confirm_mention(judgement: Judgement, formula: Expr, case: Case) -> Judgement | None:
    """What a 当 … 则 … rule rests on sentences for is to be confirmed: the sentences stand beside the cell. None where it does not."""
    conditions = walk(formula.condition) if isinstance(formula, When) else ()
    calls = [node for node in conditions if isinstance(node, Call) and node.function in MENTIONS]
    texts = [call for call in calls if not isinstance(call.arguments[0], Column)]
    said = [(sentence, words_of(call)) for call in texts for sentence in sentences_that_mention(call, case)]
    if not said:
        return None
    evidence = present([*judgement.evidence, *(sentence.evidence(case) for sentence, _ in said)])
    sentence, words = said[0]
    return replaced(
        judgement,
        verdict="review",
        say="own",
        slots=judgement.slots | {"句": sentence.around(*_first_place(sentence, words))},
        difference=None,
        tolerance=None,
        evidence=evidence,
    )


def _first_place(sentence: Sentence, words: tuple[str, ...]) -> tuple[int, int]:
    match = any_of(words).search(sentence.text)
    start, end = match.span() if match is not None else (0, 0)
    return sentence.start + start, sentence.start + end


def words_of(call: Call) -> tuple[str, ...]:
    """The words a call looks for."""
    texts = (it.text if isinstance(it, Text) else it.name if isinstance(it, Ref) else "" for it in call.arguments[1:])
    return tuple(text for text in texts if text)


def mentions_in(call: Call, texts: list[str], case: Case) -> bool:
    """Whether texts of a column (评分[*].扣分原因) name a word."""
    return any(is_named(text, words_of(call), case) for text in texts)


def is_named(text: str, words: tuple[str, ...], case: Case) -> bool:
    """Whether a sentence names one of some words as being there."""
    return any(
        _is_there(text, start, end, case.rules.lexicon) for start, end in _places(text, words, case.rules.lexicon)
    )


def is_spent_on(sentence: Sentence, words: tuple[str, ...], case: Case) -> bool:
    """Whether a sentence says that money went to it this year, without telling how much: amounts are compared by X1."""
    lexicon, text = case.rules.lexicon, sentence.text
    if has_any(text, lexicon["definitions"]) or has_any(sentence.passage.title, lexicon["glossary_titles"]):
        return False
    return any(
        _is_there(text, start, end, lexicon)
        and _AMOUNT.match(text[end:]) is None
        and _is_under_verb(text, start, end, lexicon)
        and not tells_other_year(text[:end], case)
        for start, end in _places(text, words, lexicon)
    )


def _is_denied(words: tuple[str, ...], case: Case) -> bool:
    """Whether a sentence of the report says that there was none of it."""
    lexicon = case.rules.lexicon
    sentences = (sentence for passage in case.passages for sentence in _holding(passage, words, None))
    return any(
        _is_negated(sentence.text, start, end, lexicon)
        for sentence in sentences
        for start, end in _places(sentence.text, words, lexicon)
    )


def _places(text: str, words: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where words stand, but for longer words that hold them (公务用车购置及运行) and titles of regulations."""
    hidden = [match.span() for match in any_of(lexicon["opaque"]).finditer(text)]
    for match in any_of(words).finditer(text):
        inside = any(start <= match.start() and match.end() <= end for start, end in hidden)
        if not inside and _BOOK.search(text[: match.start()]) is None:
            yield match.span()


def _is_there(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Neither negated nor rented: 无…, 未发生…, …为0, 租车."""
    begin, stop = clause_around(text, start, end, _CLAUSES)
    return not _is_negated(text, start, end, lexicon) and not has_any(text[begin:stop], lexicon["rented"])


def _is_negated(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """A negation before it in its clause, or shortly after it."""
    begin, stop = clause_around(text, start, end, _CLAUSES)
    after = text[end:stop]
    return has_any(text[begin:start], lexicon["negations"]) or any(
        word in after[: len(word) + _NEAR] for word in lexicon["after_negations"]
    )


def _is_under_verb(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a verb of spending governs it, and neither verb nor item belongs to a rule, a plan, a condition or another unit."""
    verbs = list(any_of(lexicon["spends"]).finditer(text, 0, start))
    if not verbs:
        return False
    verb = verbs[-1]
    begin, _ = clause_around(text, verb.start(), verb.end(), _CLAUSES)
    first, last = clause_around(text, start, end, _ITEMS)
    said = text[begin : verb.start()] + text[first:last]
    odd = (*lexicon["regulations"], *lexicon["conditions"], *lexicon["plans"])
    between = text[verb.end() : start]
    first, last = clause_around(text, start, end, _CLAUSES)
    if has_any(text[first:last], lexicon["elsewhere"]):
        return False
    return not has_any(said, odd) and not has_any(between, (*lexicon["negations"], *lexicon["conditions"]))
