"""How a report speaks of its own unit before a label: 云溯区住建局公务接待费, 我们编制36人; never 各乡镇 or 敬老院."""

from __future__ import annotations

_SHORT = 4  # 本台, 我服务站
_OTHERS = ("各", "其他", "其它", "有关", "相关", "乡镇", "兄弟", "上级", "下级")


class Names:
    """What a report calls its own unit: 云溯区住房和城乡建设局, 区住建局, 我们; never 各乡镇 or 敬老院.

    Where the report's unit is unknown any name that ends like one may be its own.
    """

    def __init__(self, unit_name: str | None, endings: tuple[str, ...], selves: tuple[str, ...]) -> None:
        self.unit_name = unit_name
        self.endings = endings
        self.selves = selves

    def is_own(self, text: str) -> bool:
        """Whether a text is a way to say "we"."""
        if text.startswith(_OTHERS):
            return False
        if text.endswith(self.selves):
            return True
        if not text.endswith(self.endings):
            return False
        if text[0] in "我本" and len(text) <= _SHORT:
            return True
        return self.unit_name is None or _abbreviates(text, self.unit_name) or _abbreviates(self.unit_name, text)


def _abbreviates(short: str, name: str) -> bool:
    """区住建局 of 云溯区住房和城乡建设局: every character in this order."""
    rest = iter(name)
    return len(short) > 1 and all(char in rest for char in short)
