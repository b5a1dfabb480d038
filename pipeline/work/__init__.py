"""What a worker does: one document through its stages, one part of the tables, the comparison of all."""
