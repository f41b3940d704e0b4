"""The machinery: one file, one concern, no business word anywhere."""
