"""The outside world, one vendor per module."""
