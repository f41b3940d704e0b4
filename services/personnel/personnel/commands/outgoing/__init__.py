"""Records for BKN: made of what was heard, corrected by people, sent by one process at a time."""
