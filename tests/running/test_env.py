"""What production refuses to start with, in words."""

import datetime
import os
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ombud.config import env

SOUND = {
    "OMBUD_ENV": "production",
    "OMBUD_SECRET_KEY": "k" * 64,
    "OMBUD_WEB_URL": "https://ombud.example",
    "DATABASE_URL": "postgresql://app@db/ombud",
}


@pytest.fixture
def world(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("OMBUD_", "DATABASE_")):
            monkeypatch.delenv(name)

    def told(**more):
        for name, value in (SOUND | more).items():
            monkeypatch.setenv(name, str(value))
        return env.read()

    return told


def root_of(organisation, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "root.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_sound_environment_is_accepted(world, tmp_path):
    assert world(OMBUD_BANKID_CA=root_of("A real bank", tmp_path)).env == "production"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("OMBUD_SECRET_KEY", "short", "at least 50"),
        ("OMBUD_CLOCK", "file:/tmp/clock", "OMBUD_CLOCK"),
        ("OMBUD_WEB_URL", "http://ombud.example", "https://"),
        ("OMBUD_BANKID_CA", "/nowhere.pem", "OMBUD_BANKID_CA"),
        ("OMBUD_WEB_WORKERS", "many", "OMBUD_WEB_WORKERS"),
        ("OMBUD_ENV", "holiday", "OMBUD_ENV"),
    ],
)
def test_production_refuses(world, variable, value, words):
    with pytest.raises(env.Unfit, match=words):
        world(**{variable: value})


@pytest.mark.parametrize("name", ["CA", "CERT", "SIGN_ROOT"])
def test_production_refuses_the_sandbox(world, tmp_path, name):
    root = root_of(env.SANDBOX, tmp_path)
    with pytest.raises(env.Unfit, match="sandbox"):
        world(**{f"OMBUD_BANKID_{name}": root})


def test_the_clock_may_be_an_address_of_a_file(world):
    for written in ("/tmp/clock", "file:/tmp/clock", "file:///tmp/clock"):
        assert str(world(OMBUD_ENV="demo", OMBUD_CLOCK=written).clock_file) == "/tmp/clock"


def test_a_refusal_is_a_list_and_no_traceback(world):
    command = [sys.executable, "-m", "ombud", "migrate"]
    there = {"PATH": os.environ["PATH"], "OMBUD_ENV": "production"}
    told = subprocess.run(command, cwd=env.HERE, env=there, capture_output=True, text=True)
    assert told.returncode == 1
    assert "OMBUD_SECRET_KEY" in told.stderr
    assert "DATABASE_URL" in told.stderr
    assert "Traceback" not in told.stderr
