"""How Agiloft says no: a status, a sentence, and the name of an exception."""

from dataclasses import dataclass


@dataclass
class No(Exception):
    status: int
    words: str
    kind: str = "EWWrongDataException"

    def __str__(self) -> str:
        return self.words


def no_column(name: str, table: str) -> No:
    return No(400, f"No column {name} in table {table}")


def bad_value(name: str) -> No:
    return No(400, f"Wrong format/value pointed to {name}")


def locked(by: str) -> No:
    return No(500, f"The record is locked by {by}", "EWOperationException")


def html(no: No, said: str = "") -> str:
    """The page that a typed fault comes in."""
    stack = "[default task-70331][1786479740423]"
    return (
        f"<html><head><title>Error</title></head><body>com.supportwizard.ew.{no.kind} has occurred:"
        f" {stack} {no.words}{said}</body></html>"
    )
