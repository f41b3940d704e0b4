"""What feedback can be asked to do, by subject: voices, surveys, quarantine, invitations."""

from feedback.commands.invitations import Drawn, Wanted, draw_invitations
from feedback.commands.quarantine import Choice, decide
from feedback.commands.surveys import answer_survey
from feedback.commands.voices import Given, Voice, give_feedback, issue_ticket, withdraw_feedback

__all__ = [
    "Choice",
    "Drawn",
    "Given",
    "Voice",
    "Wanted",
    "answer_survey",
    "decide",
    "draw_invitations",
    "give_feedback",
    "issue_ticket",
    "withdraw_feedback",
]
