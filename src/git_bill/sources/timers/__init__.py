"""Time that a person's own timer, editor or desktop recorded: one module per program, one shape (`timed`)."""
