"""Word files of letters: default templates, filling them, and judging a template that somebody uploads."""
