"""Who works where: employees, units, postings and promotions, and the feed from BKN's SIASN."""
