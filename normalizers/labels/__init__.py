"""Labels of the indicator tree: from the printed words to a node, with the reason, or abstaining.

>>> match_label("产出指标（50分）").weight
Decimal('50')
"""

from normalizers.labels.match import match_label
from normalizers.labels.model import LabelMatch
from normalizers.labels.version import decide_version

__all__ = ["LabelMatch", "decide_version", "match_label"]
