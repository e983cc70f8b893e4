"""What the sandbox remembers between starts: one SQLite file that stands a sudden death."""

import json
import sqlite3
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,
    subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, links TEXT NOT NULL,
    headers TEXT NOT NULL, envelope_from TEXT NOT NULL, raw BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS mail_to ON mail ("to");
CREATE TABLE IF NOT EXISTS sms (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL,
    message TEXT NOT NULL, status TEXT NOT NULL, parts INTEGER NOT NULL, cost INTEGER NOT NULL,
    flash INTEGER NOT NULL, dontlog INTEGER NOT NULL, delivered TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sms_to ON sms ("to");
CREATE TABLE IF NOT EXISTS report (
    id INTEGER PRIMARY KEY, sms TEXT NOT NULL, status TEXT NOT NULL, url TEXT NOT NULL,
    due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, part TEXT NOT NULL, way TEXT NOT NULL,
    what TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person (personal_number TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

Row = dict[str, Any]


class Store:
    def __init__(self, path: Path) -> None:
        self.changes = 0
        """Grows with every write; the page asks it whether there is anything new to show."""
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.executescript(SCHEMA)

    def add(self, table: str, **row: object) -> int:
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        sql = f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"
        return self.write(sql, *row.values())

    def write(self, sql: str, *values: object) -> int:
        self.changes += 1
        return self.db.execute(sql, values).lastrowid or 0

    def rows(self, sql: str, *values: object) -> list[Row]:
        return [dict(row) for row in self.db.execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        return next(iter(self.rows(sql, *values)), None)

    def setting(self, name: str, default: Any = None) -> Any:
        found = self.row("SELECT value FROM setting WHERE name = ?", name)
        return json.loads(found["value"]) if found else default

    def set(self, name: str, value: object) -> None:
        self.add("setting", name=name, value=json.dumps(value))

    def empty(self, *tables: str) -> None:
        for table in tables:
            self.write(f"DELETE FROM {table}")

    def close(self) -> None:
        self.db.close()
