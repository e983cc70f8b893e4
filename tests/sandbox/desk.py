"""The service desk as tests speak with it: both surfaces, and the means to go wrong."""

from typing import Any

import httpx

from tests.sandbox.outside import Outside

USER = "ombud.svc"


class Desk:
    """Both surfaces, and the means to go wrong."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.base = outside.environment["OMBUD_AGILOFT_URL"]
        self.password = outside.environment["OMBUD_AGILOFT_PASSWORD"]
        self.http = httpx.Client(base_url=self.base, trust_env=False, timeout=10)

    def legacy(self, op: str, method: str = "POST", **more: Any) -> httpx.Response:
        """With name and password in the body; `more`: parameters, `S_` before those with a $."""
        login = {"$login": USER, "$password": self.password}
        return self.plain(op, method, **login | named(more))

    def plain(self, op: str, method: str = "POST", headers: Any = None, **more: Any):
        form = {"$KB": "Service", "$table": "case", "$lang": "en"} | named(more)
        return self.http.request(method, f"/ewws/{op}", data=form, headers=headers)

    def log_in(self) -> dict[str, Any]:
        return self.legacy("EWLogin").json()

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.log_in()['access_token']}"}

    def json(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = more.pop("headers", None) or self.bearer()
        where = f"/ewws/alrest/Service/{path}"
        return self.http.request(method, where, json=body, headers=headers, params=more)

    def options(self, **options: Any) -> None:
        self.outside.ask("agiloft/options", **options)

    def record(self, number: str = "10482") -> dict[str, Any]:
        return self.outside.items("agiloft/records", id=number)[0]

    def fault(self, name: str, times: int = 1, on: str = "") -> None:
        self.outside.ask("faults", part="agiloft", fault=name, times=times, on=on)

    def went_on(self, minutes: float) -> None:
        self.outside.ask("clock", offset_seconds=minutes * 60)


def named(more: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("S_", "$", 1) if name.startswith("S_") else name: value
            for name, value in more.items()}  # fmt: skip
