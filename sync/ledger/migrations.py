"""The steps of the schema as sqlite_utils takes them: each in a transaction of its own, and noted in the file."""

import sqlite3

from sqlite_utils import Database, Migrations

from sync.ledger import schema

migrations = Migrations(schema.SET)


@migrations()
def first(db: Database) -> None:
    """The tables of the main job."""
    for statement in schema.FIRST:
        db.execute(statement)


@migrations()
def book_pages(db: Database) -> None:
    """Where unfinished readings of the platforms' books are kept."""
    for statement in schema.BOOK_PAGES:
        db.execute(statement)


@migrations()
def notices(db: Database) -> None:
    """What platforms told by themselves, and whether it was followed up."""
    for statement in schema.NOTICES:
        db.execute(statement)


def upgrade(connection: sqlite3.Connection) -> None:
    """Take the steps that the file lacks."""
    migrations.apply(Database(connection))
