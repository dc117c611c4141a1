#!/bin/sh
# Print the full path of a Python that gouji can use: $1 if given, else the first fit one on PATH.
# A name on PATH proves nothing (a version manager puts stand-ins there that only complain), so each is run.
set -u

# An activated environment (it may be the very one to repair) answers with the Python that it was made from.
is_fit='import sys; fit = sys.version_info >= (3, 11); fit and print(sys._base_executable); sys.exit(not fit)'

if [ -n "${1-}" ]; then
    "$1" -c "$is_fit" 2>/dev/null && exit 0
    echo "PYTHON=$1 不能用：需要 Python 3.11 或更高版本。请改用别的解释器，或去掉 PYTHON= 由程序自己找。" >&2
    exit 1
fi

for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
    "$name" -c "$is_fit" 2>/dev/null && exit 0
done
echo "没有找到 Python 3.11 或更高版本。请先安装（Debian、Ubuntu、统信、麒麟：sudo apt-get install python3 python3-venv），再重新运行。" >&2
exit 1
