"""Tables without rulings: rows and columns from where the lines of text stand."""
