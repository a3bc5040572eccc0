"""One module per kind of evidence: read(settings, since) -> evidence."""
