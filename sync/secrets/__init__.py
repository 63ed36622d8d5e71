"""Where keys, client secrets and the like are kept."""
