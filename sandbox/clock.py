"""The sandbox's clock: real time moved by the offset that stands in a file others may read."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            self.move(0)

    @property
    def offset(self) -> float:
        """Seconds; the file may be written by anyone, so it is read each time."""
        try:
            return float(self.path.read_text().strip() or 0)
        except (OSError, ValueError):
            return 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def move(self, seconds: float) -> None:
        """Write beside and rename, so that no reader ever meets half a number."""
        beside = self.path.with_suffix(".new")
        beside.write_text(f"{seconds:.6f}".rstrip("0").rstrip(".") + "\n")
        os.replace(beside, self.path)

    def stamp(self) -> str:
        return self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
