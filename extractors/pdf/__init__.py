"""From a PDF page to grids: characters, ruling lines, fills and text angle straight from pdfium.

A straight chain of small steps; each step's result is kept on a frozen :class:`extractors.pdf.page.PageTrace`:
glyphs and shapes -> reading frame -> edges -> lattices (or columns) -> cells with spans -> text in cells.
"""
