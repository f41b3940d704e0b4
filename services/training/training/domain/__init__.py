"""The rules of training: what is offered, who gets a seat, what counts as completed, and who needs what. Pure."""
