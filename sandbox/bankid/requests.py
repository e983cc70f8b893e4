"""What a relying party may ask for, field by field."""

import base64
import binascii
import ipaddress
import re
from typing import Any

FORMATS = ("plaintext", "simpleMarkdownV1")
VISIBLE = {"auth": 1_500, "sign": 40_000}
HIDDEN = {"auth": 1_500, "sign": 200_000}
REQUIREMENTS = ("pinCode", "mrtd", "cardReader", "certificatePolicies", "personalNumber")
POLICY = re.compile(r"\d+(\.\d+){3,}(\.\*)?|\d+(\.\d+){3}\.\*")
DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
DEVICE = {
    "web": {"referringDomain": (3, 253), "userAgent": (1, 256), "deviceIdentifier": (1, 64)},
    "app": {
        "appIdentifier": (1, 256),
        "deviceOS": (1, 64),
        "deviceModelName": (1, 64),
        "deviceIdentifier": (1, 64),
    },
}

Body = dict[str, Any]


class Invalid(Exception):
    """invalidParameters; the message is what 'details' says."""


def check(body: object, kind: str, phone: bool) -> Body:
    """Raises Invalid at the first thing wrong; fields nobody knows are ignored."""
    if not isinstance(body, dict):
        raise Invalid("Invalid request")
    (check_caller if phone else check_end_user)(body)
    check_requirement(body.get("requirement"), phone)
    check_data(body, kind)
    return body


def check_reference(body: object) -> str:
    if not isinstance(body, dict) or not isinstance(body.get("orderRef"), str):
        raise Invalid("Invalid request")
    return str(body["orderRef"])


def check_end_user(body: Body) -> None:
    try:
        ipaddress.ip_address(text(body, "endUserIp"))
    except ValueError:
        raise Invalid("Invalid endUserIp") from None
    if "returnUrl" in body and not 1 <= len(text(body, "returnUrl")) <= 512:
        raise Invalid("Invalid returnUrl")
    if not isinstance(body.get("returnRisk", False), bool):
        raise Invalid("Invalid returnRisk")
    check_device(body)


def check_device(body: Body) -> None:
    given = [name for name in DEVICE if name in body]
    if len(given) > 1:
        raise Invalid("Only one of app and web may be given")
    for name in given:
        known = {key: value for key, value in as_object(body, name).items() if key in DEVICE[name]}
        if not known:
            raise Invalid(f"Invalid {name}")
        for key, value in known.items():
            least, most = DEVICE[name][key]
            if not isinstance(value, str) or not least <= len(value) <= most:
                raise Invalid(f"Invalid {name}.{key}")
        if "referringDomain" in known and not DOMAIN.fullmatch(known["referringDomain"]):
            raise Invalid("Invalid web.referringDomain")


def check_caller(body: Body) -> None:
    if not is_personal_number(body.get("personalNumber")):
        raise Invalid("Invalid personalNumber")
    if body.get("callInitiator") not in ("user", "RP"):
        raise Invalid("Invalid callInitiator")


def check_requirement(given: object, phone: bool) -> None:
    if given is None:
        return
    if not isinstance(given, dict) or not all(fits(*item, phone) for item in given.items()):
        raise Invalid("Invalid requirement")


def fits(name: str, value: object, phone: bool) -> bool:
    """`risk` was withdrawn and is refused by name; other unknown members are ignored."""
    if name == "risk":
        return False
    if name in ("pinCode", "mrtd"):
        return isinstance(value, bool)
    if name == "cardReader":
        return value in ("class1", "class2")
    if name == "certificatePolicies":
        return isinstance(value, list) and bool(value) and all(map(is_policy, value))
    if name == "personalNumber":
        return not phone and is_personal_number(value)
    return True


def is_policy(value: object) -> bool:
    return isinstance(value, str) and bool(POLICY.fullmatch(value))


def is_personal_number(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{12}", value):
        return False
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(value[2:])]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def check_data(body: Body, kind: str) -> None:
    if kind == "sign" and "userVisibleData" not in body:
        raise Invalid("Invalid userVisibleData")
    check_base64(body, "userVisibleData", VISIBLE[kind], words=True)
    check_base64(body, "userNonVisibleData", HIDDEN[kind])
    if body.get("userVisibleDataFormat", "plaintext") not in FORMATS:
        raise Invalid("Invalid userVisibleDataFormat")


def check_base64(body: Body, name: str, most: int, words: bool = False) -> None:
    """The limits count the base64 text, not what it holds."""
    if name not in body:
        return
    value = text(body, name)
    try:
        decoded = base64.b64decode(value, validate=True)
        if words:
            decoded.decode("utf-8")
    except (binascii.Error, ValueError):
        raise Invalid(f"Invalid {name}") from None
    if not 1 <= len(value) <= most:
        raise Invalid(f"Invalid {name}")


def text(body: Body, name: str) -> str:
    if not isinstance(body.get(name), str):
        raise Invalid(f"Invalid {name}")
    return str(body[name])


def as_object(body: Body, name: str) -> Body:
    value = body[name]
    if not isinstance(value, dict):
        raise Invalid(f"Invalid {name}")
    return value
