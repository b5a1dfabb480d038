"""Characters out of cleaned page images, behind one protocol, with a doubt about each."""
