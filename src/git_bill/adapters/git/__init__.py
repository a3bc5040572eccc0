"""The git program: books, histories, and the repositories below a folder."""
