"""OFD, the fixed-layout format of GB/T 33190-2016: glyphs and lines of a page, for the PDF path's grid steps.

Lengths are millimetres in the file and points here; y grows down in both.
"""
