"""Features, scorers and their calibration (pure)."""
