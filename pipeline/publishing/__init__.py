"""From tickets to the published tables: which parts still hold, what changed, the one switch."""
