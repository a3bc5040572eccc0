"""From evidence to confirmed work entries (pure)."""
