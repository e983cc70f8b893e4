"""A chain of hashes: each link vouches for all before it."""

import hashlib
import json


def canonical(facts: object) -> str:
    """The one way to write facts down: sorted keys, no blanks, UTF-8."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest(previous: str, facts: dict) -> str:
    return sha256(f"{previous}\n{canonical(facts)}")


def append_only(table: str) -> tuple[str, str]:
    """SQL for a migration, and its reverse: rows of this table are written once."""
    refuse = f"""
CREATE FUNCTION {table}_is_history() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{table} is written once'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_is_history BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_history();"""
    return refuse, f"DROP TRIGGER {table}_is_history ON {table}; DROP FUNCTION {table}_is_history;"


def final_once(table: str, condition: str) -> tuple[str, str]:
    """SQL for a migration, and its reverse: a row for which the condition holds stays as it is."""
    refuse = f"""
CREATE FUNCTION {table}_is_final() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{table} is decided'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {table}_is_final();"""
    return refuse, f"DROP TRIGGER {table}_is_final ON {table}; DROP FUNCTION {table}_is_final;"
