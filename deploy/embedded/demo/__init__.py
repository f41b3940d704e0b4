"""The demonstration: a feed comes in, citizens and trainers speak, scores move, processes die, and nothing is lost."""
