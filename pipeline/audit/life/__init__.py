"""The life of a project: which forms, of whatever year and kind, are of one project, and how sure that is."""
