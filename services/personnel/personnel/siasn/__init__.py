"""The feed from BKN's SIASN, over HTTP or from files of the same data: read, normalise, reject with reasons."""
