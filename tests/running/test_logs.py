"""No line of a log carries what only its owner should know."""

from ombud.config import logs


def test_secrets_are_hidden_and_the_rest_is_told():
    line = {
        "event": "login of 19900101-1239",
        "password": "hemligt",
        "sms_code": "123456",
        "api_token": "t",
        "Authorization": "Bearer t",
        "path": "/orders/",
    }
    told = logs.without_secrets(None, "info", line)
    assert told["path"] == "/orders/"
    assert told["event"] == "login of (personal number)"
    assert {told[n] for n in ("password", "sms_code", "api_token", "Authorization")} == {"(hidden)"}


def test_a_guests_link_is_hidden_in_the_address():
    assert logs.LINK.sub("/link/(hidden)/", "/agreements/link/abc/sign/") == (
        "/agreements/link/(hidden)/sign/"
    )
