"""Files of banks and payment providers: one module for each format, one shape."""
