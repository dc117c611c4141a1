"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

import platform
from importlib.util import find_spec

from gouji import __version__
from gouji.readers.archives.rars import find_unpacker
from gouji.readers.formats import FORMATS
from gouji.readers.libreoffice import find_office

_PARTS = (
    ("lxml", "读取 .docx", "重新安装：make clean run"),
    ("olefile", "读取 .doc、.wps、.xls", "重新安装：make clean run"),
    ("pypdfium2", "读取 PDF", "重新安装：make clean run"),
    ("msoffcrypto", "打开加密的 Office 文件", "重新安装：make clean run"),
    ("py7zr", "读取 .7z 压缩包", "重新安装：make clean run"),
    ("rarfile", "读取 .rar 压缩包", "重新安装：make clean run"),
    ("xlsxwriter", "生成汇总表.xlsx", "重新安装：make clean run"),
    ("pandas", "gouji.facts()、gouji.summary() 数据分析（可选）", 'pip install "gouji[analyst]"'),
)


def examine_installation() -> list[str]:
    """One line a part: √ present, or × with what to do."""
    lines = [f"gouji {__version__}，Python {platform.python_version()}"]
    for module, purpose, remedy in _PARTS:
        present = find_spec(module) is not None
        lines.append(f"{'√' if present else '×'} {module}：{purpose}" + ("" if present else f"；补齐方法：{remedy}"))
    purpose = "转换 Word 95 及更早版本、Microsoft Works 的旧文件（可选）"
    lines.append(f"√ LibreOffice：{purpose}" if find_office() else f"· LibreOffice：未安装；用于{purpose}")
    unpacker = find_unpacker()
    lines.append(
        f"√ {unpacker}：读取 .rar 压缩包"
        if unpacker
        else "· 读取 .rar 压缩包的程序：未安装（只能读取未压缩存放的 .rar）；补齐方法：安装 unar、unrar 或 7-Zip"
    )
    lines.append("压缩包：.zip、.7z、.rar、.tar、.gz 中的文件逐个读取。")
    suffixes = dict.fromkeys(suffix for one in FORMATS.values() for suffix in one.suffixes)
    lines.append(f"可读取：{'、'.join(suffixes)}；按内容判断格式，其他格式会逐个提示如何转换。")
    return lines
