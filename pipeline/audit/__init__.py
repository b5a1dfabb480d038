"""The auditor's doubt: rules over one form, and the comparison of forms with each other.

``audit(records)`` judges one form; ``fingerprint(records)`` and ``compare(fingerprints)`` find what
was copied from another project.
"""

from pipeline.audit.judge import audit
from pipeline.audit.rule import Draft, Rule, RuleError, Severity, rules

__all__ = ["Draft", "Rule", "RuleError", "Severity", "audit", "rules"]
