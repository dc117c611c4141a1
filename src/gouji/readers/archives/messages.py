"""What is said of an archive or a member that was not read: one Chinese line each, with what to do next."""

from __future__ import annotations

from gouji.model.errors import ReadError

DAMAGED = "压缩包已损坏或没有传完整，只读出了其中完好的文件；请重新发送，或在电脑上解压后直接提交其中的文件。"
UNREADABLE = "压缩包已损坏，无法读取；请重新压缩后发送，或直接提交其中的文件。"
DAMAGED_MEMBER = "压缩包中的这个文件已损坏（校验不符）；请重新压缩后发送，或直接提交这个文件。"
ENCRYPTED = "压缩包设有密码；请用 --password 给出密码，或解压后直接提交其中的文件。"
WRONG_PASSWORD = "给出的密码打不开这个压缩包；请核对密码，或解压后直接提交其中的文件。"  # noqa: S105 - a message
UNKNOWN_METHOD = "压缩包用了不能识别的压缩或加密方式；请在电脑上解压后直接提交其中的文件。"
NO_UNPACKER = (
    "电脑上没有能解开 .rar 的程序；请解压后直接提交其中的文件，或安装 unar、unrar、7-Zip 之一（见 gouji doctor）。"
)
SPLIT = "这是分卷压缩包中的一卷，缺少其他分卷；请把全部分卷放在同一文件夹，或解压后直接提交其中的文件。"
LINK = "压缩包中的这一项是链接，不是文件，为安全起见未读取；请把原文件放进压缩包。"
SPECIAL = "压缩包中的这一项不是普通文件（设备、管道等），未读取；请只压缩报告文件。"
UNSAFE_NAME = "压缩包中的这一项带有指向外部的路径，为安全起见未读取；请重新压缩报告文件。"
MEMBER_TOO_LARGE = "压缩包中的这个文件解压后超过 {limit} MB，不像自评报告，已跳过；请删去大图片等附件后重新提交。"
TOTAL_TOO_LARGE = "压缩包解压后总量过大（超过 {limit} MB），这个文件未读取；请分成几个压缩包，或解压后提交。"
BOMB = "压缩包的压缩比异常（超过 {ratio} 倍），疑为恶意文件，未读取；请核对来源，解压后直接提交报告文件。"
TOO_MANY = "压缩包中的文件过多（超过 {limit} 个），未读取；请只压缩自评报告，或分成几个压缩包。"
NO_ROOM = "上一级压缩包解出的文件已经过多，这个压缩包未再解开；请分成几个压缩包，或解压后提交。"
TOO_DEEP = "压缩包套压缩包的层数过多（超过 3 层），未再解开；请解压后直接提交其中的报告文件。"
TOO_SLOW = "解开这个压缩包用时过长，其余文件未读取；请在电脑上解压后直接提交其中的文件。"
EMPTY = "压缩包中没有可读取的文件；请核对是否放错，把报告文件放进压缩包后重新提交。"


def damaged_member() -> ReadError:
    """A member whose bytes are not what the archive says they are."""
    return ReadError("corrupt", DAMAGED_MEMBER)


def locked(*, tried: bool) -> ReadError:
    """No password was given, or none that was given fits."""
    return ReadError("password", WRONG_PASSWORD) if tried else ReadError("encrypted", ENCRYPTED)
