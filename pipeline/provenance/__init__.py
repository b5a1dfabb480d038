"""From a published value back to its cell on the page, in words and as a picture."""
