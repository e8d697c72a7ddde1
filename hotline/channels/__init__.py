"""How a report arrives and how we answer: one complete folder for each channel."""
