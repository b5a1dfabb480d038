"""One rule per file; the file is named after the rule. Rules never import rules."""
