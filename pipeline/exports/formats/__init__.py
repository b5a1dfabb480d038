"""One export format per file; a file holds one :class:`pipeline.exports.registry.Format`, named after it."""
