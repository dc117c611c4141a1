"""How long a hundred letters take: wanted, below five seconds.

python benchmarks/bench_letters.py [LETTERS]        default: 100 of each kind to a unit
"""

from __future__ import annotations

import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import msgspec

from gouji.export.atomic import write_atomically
from gouji.export.filenames import NameBook
from gouji.export.letters.content import Imprint
from gouji.patterns import load_patterns
from gouji.pipeline.batch import Request
from gouji.pipeline.district import run_district
from gouji.pipeline.keeping import keeping_in
from gouji.pipeline.letters import STORE, Order, collect_store, list_fields, name_letter, open_template

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run the sample district once, then write its letters over and over under other numbers."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    patterns = load_patterns()
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        run_district(Request(inputs=(ROOT / "fixtures" / "district",), out=out, jobs=2), csv=False, say=None)
        order = Order(out, imprint=Imprint(bureau="云溯区财政局", deadline="2022年6月10日", date="2022年5月27日"))
        district, cases = collect_store(order, patterns)
        for letter in patterns.letters.kinds:
            if letter.to == "district":
                continue
            many = [msgspec.structs.replace(case, ordinal=n) for n, case in enumerate(cases * wanted, 1)]
            fields = list_fields(letter, district, many, order, patterns)
            began = time.perf_counter()
            template, names = open_template(letter, patterns, None), NameBook()
            with keeping_in(out, out / STORE) as keeping:
                for one in islice(fields, wanted):
                    write_atomically(name_letter(out, letter, one, names), template.fill(one), keeping.put)
            print(f"{letter.name}: {wanted} letters in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
