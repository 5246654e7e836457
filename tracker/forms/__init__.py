"""The forms, one file per noun, with the same names as the pages."""
