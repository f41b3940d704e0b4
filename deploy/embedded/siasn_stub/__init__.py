"""A stub that stands for BKN's SIASN: its wire format, its bad habits, and generated people of four governments."""
