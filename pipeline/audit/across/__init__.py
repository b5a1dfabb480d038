"""Rules over two forms, one a file, named like those of ``rules``; their ``relations`` say of which links."""
