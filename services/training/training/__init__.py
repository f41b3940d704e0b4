"""Learning: programmes, sessions, enrolments, completions with certificate, and training needs."""
