"""Texts, scenarios and pictures that ship with the program."""
