"""Word processing documents: what their paragraphs and tables print."""
