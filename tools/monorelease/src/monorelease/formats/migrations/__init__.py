"""Other tools' files, one room a tool: texts to pending notes, settings and findings."""
