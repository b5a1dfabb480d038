"""The Excel file as auditors like it: contents, one sheet a table, evidence, dictionary."""
