"""Imports: taking a request on, the rows of its source, what each row changes, and the process that works it off."""
