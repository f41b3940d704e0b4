"""``kinara``: the operators' front door.

Exit codes: 0 yes, 1 no (something differs, or could not be done), 2 wrong usage or settings, 3 out of reach.
"""

from __future__ import annotations

import typer

from kinara.cli import cells, deadletters, events, lag, outboxes, rebuild, seals, tokens, topics
from kinara.cli.door import Door

app = typer.Typer(
    cls=Door,
    name="kinara",
    help="Look after Kinara: topics, cells, lag, outboxes, dead letters, projections, seals, and tokens to try it out.",
    epilog="Exit codes: 0 yes, 1 no, 2 wrong usage or settings, 3 out of reach. Settings come from KINARA_… variables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a local may be a secret
)
app.add_typer(topics.app, name="topics")
app.add_typer(cells.app, name="cell")
app.add_typer(outboxes.app, name="outbox")
app.add_typer(events.app, name="events")
app.add_typer(deadletters.app, name="dlq")
app.add_typer(seals.app, name="seals")
app.command("lag")(lag.show)
app.command("rebuild")(rebuild.rebuild)
app.command("token")(tokens.issue)
