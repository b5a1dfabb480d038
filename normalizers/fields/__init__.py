"""Typed header fields: fiscal year, project period, project nature, code and name of a unit.

Each reader keeps the raw text and leaves empty what is not printed.

>>> project_nature("常年性项目").code
'recurring'
"""

from normalizers.codes import CodedName, project_code, split_code
from normalizers.fields.coded import Nature, project_nature
from normalizers.fields.model import FIELDS
from normalizers.fields.period import Period, read_period
from normalizers.fields.year import YearReading, fiscal_year

__all__ = [
    "FIELDS",
    "CodedName",
    "Nature",
    "Period",
    "YearReading",
    "fiscal_year",
    "project_code",
    "project_nature",
    "read_period",
    "split_code",
]
