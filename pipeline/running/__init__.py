"""A run over an archive: what it is about, who does the work, what becomes of every document."""
