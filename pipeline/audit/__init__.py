"""The auditor's doubt: rules over one form, and the comparison of forms with each other.

``audit(records)`` judges one form; ``fingerprint(records)`` and ``compare(fingerprints)`` find what
was copied from another project.
"""

from pipeline.audit.compare import compare
from pipeline.audit.fingerprint import Fingerprint, fingerprint
from pipeline.audit.judge import audit
from pipeline.audit.rule import Draft, Rule, RuleError, Severity, rules

__all__ = [
    "Draft",
    "Fingerprint",
    "Rule",
    "RuleError",
    "Severity",
    "audit",
    "compare",
    "fingerprint",
    "rules",
]
