"""The citizen's voice: feedback without an account, service tickets and satisfaction surveys (SKM)."""
