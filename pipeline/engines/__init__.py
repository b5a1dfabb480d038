"""Engines run shards of documents: the same call with different backs."""
