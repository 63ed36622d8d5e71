"""Whether the terminal is well."""
