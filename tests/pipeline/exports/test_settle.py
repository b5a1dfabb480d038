"""Arrow in a process that only writes: pandas is not loaded for it, and can still be."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from decimal import Decimal
import pyarrow as pa
from pipeline.exports.parquet import settle
settle()
assert not [f for f in sys.meta_path if type(f).__name__ == "_NoPandas"]
assert pa.array((Decimal("1.20"), None), type=pa.decimal128(20, 2)).to_pylist() == [Decimal("1.20"), None]
assert "pandas" not in sys.modules
import pandas
print(pandas.Series([1]).sum())
"""


def test_writing_loads_no_pandas() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr
