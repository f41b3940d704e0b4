"""Everything that goes wrong on purpose: each fault a small function that does it once and says when it was over.

A nemesis gets the siege and returns the moment from which recovery counts: when the process was started again, or when
the link was healed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from faults.nemeses import crowd, disks, network, operators, processes, records, servers
from faults.siege import Siege

Nemesis = Callable[[Siege], Awaitable[float]]

NEMESES: Mapping[str, Nemesis] = {
    "kill": processes.kill,
    **{f"crash {point}": processes.crash_at(point) for point in processes.CRASHES},
    "crash rebuild.mid_swap": operators.mid_swap,
    "pause": processes.pause,
    "rolling": processes.rolling,
    "storm": processes.storm,
    "broker": servers.broker,
    "broker emptied": servers.broker_emptied,
    "database": servers.database,
    "both": servers.both,
    **{f"network {mode}": network.trouble(mode) for mode in network.MODES},
    "poison": records.poison,
    "duplicates": records.duplicates,
    "reordering": records.reordering,
    "replay": records.replay,
    "reset": records.reset,
    "cell": operators.cell,
    "broker's disk full": disks.broker_full,
    "database's disk full": disks.database_full,
    "overload": crowd.overload,
}
"""By name."""
