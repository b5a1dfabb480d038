"""Spreadsheets: what a cell shows, from its stored value and its number format; sheets to grids."""
