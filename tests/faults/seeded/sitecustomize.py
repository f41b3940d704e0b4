"""Imported first by every process that has this folder on its path: plants the bug that the environment names."""

import os

if "SEEDED_BUG" in os.environ:
    from faults.bugs import BUGS
    from faults.planting import plant

    plant(BUGS[os.environ["SEEDED_BUG"]])
