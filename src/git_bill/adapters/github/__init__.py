"""GitHub, through PyGithub. Loaded when a forge is first asked."""
