"""The rules of the store, pure: no clock, no disk, no network."""
