"""Page images made readable: each step small, drawable, and reversible in its coordinates."""
