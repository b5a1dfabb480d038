"""One self-contained page about one publish: how complete, how sure, what it says, what is doubtful.

Figures are taken from the published tables (``figures``, ``cases``), drawn (``charts``), and put
into a page (``sections``, ``page``). The page holds no script and asks for nothing from outside.
"""
