"""`hexiao demo`."""

import click


@click.command()
def demo() -> None:
    """placeholder replaced below"""
