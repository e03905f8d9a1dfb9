"""The production profile refuses to start without its secrets and holds no back door."""

import base64
import json
import os
import subprocess
import sys

import pytest

from tests.guards import tree

KEY = base64.b64encode(b"k" * 32).decode()
SECRETS = {
    "SECRET_KEY": "g7Qx-" * 12,
    "BANGFU_FIELD_KEYS": f"1:{KEY}",
    "BANGFU_INDEX_KEYS": f"1:{KEY}",
    "BANGFU_ALLOWED_HOSTS": "bangfu.example",
    "DATABASE_URL": "postgres://bangfu:secret@db/bangfu",
    "BROKER_URL": "redis://redis/0",
    "REDIS_URL": "redis://redis/1",
    "EMAIL_URL": "smtp://mail.example:25",
}


def production(code: str, tmp_path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run code under the production profile with this environment and nothing else."""
    base = {
        "PATH": os.environ["PATH"],
        "BANGFU_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        cwd=tree.ROOT,
        env={**base, **environment, "PYTHONPATH": f"{tree.ROOT}{os.pathsep}{tree.SHELF}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_to_start_without(name: str, tmp_path):
    result = production("", tmp_path, **{key: value for key, value in SECRETS.items() if key != name})

    assert result.returncode != 0
    assert name in result.stderr


UNUSABLE = [
    *((name, "") for name in SECRETS),
    ("SECRET_KEY", "g7Qx-" * 9),
    ("BANGFU_FIELD_KEYS", KEY),
    ("BANGFU_FIELD_KEYS", "1:not base64!"),
    ("BANGFU_FIELD_KEYS", f"1:{KEY[:20]}"),
    ("BANGFU_FIELD_KEYS", f"1:{KEY},1:{KEY}"),
    ("BANGFU_INDEX_KEYS", f"1:{KEY},"),
    ("BANGFU_ALLOWED_HOSTS", "*"),
    ("BANGFU_ALLOWED_HOSTS", "bangfu.example,*"),
    ("BANGFU_ALLOWED_HOSTS", " , "),
    ("DATABASE_URL", "sqlite:///bangfu.sqlite3"),
    ("DATABASE_URL", "bangfu"),
    ("DATABASE_URL", "postgres://"),
    ("BROKER_URL", "filesystem://"),
    ("BROKER_URL", "memory://"),
    ("BROKER_URL", "amqp://localhost"),
    ("REDIS_URL", "locmem://"),
    ("EMAIL_URL", "mail.example"),
]


@pytest.mark.parametrize(("name", "value"), UNUSABLE)
def test_production_refuses_what_it_cannot_use_and_names_it(name: str, value: str, tmp_path):
    result = production("", tmp_path, **{**SECRETS, name: value})

    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name}: ")
    assert not value or value in {"*", "postgres://"} or value not in last  # a secret is not repeated


def test_production_takes_several_keys_newest_first(tmp_path):
    code = "from django.conf import settings as s\nprint(list(s.FIELD_KEYS), s.CSRF_TRUSTED_ORIGINS)"
    given = {
        "BANGFU_FIELD_KEYS": f"2:{KEY}, 1:{KEY}",
        "BANGFU_ALLOWED_HOSTS": "bangfu.example, .county.example",
    }

    result = production(code, tmp_path, **{**SECRETS, **given})

    assert result.stdout.splitlines()[-1] == (
        "['2', '1'] ['https://bangfu.example', 'https://*.county.example']"
    )


def test_production_keeps_its_connections_to_the_database(tmp_path):
    code = "from django.conf import settings as s\nprint(s.DATABASES['default']['CONN_MAX_AGE'])"

    assert production(code, tmp_path, **SECRETS).stdout.splitlines()[-1] == "60"


CHECK = "from django.core.management import call_command\ncall_command('check', deploy=True, fail_level='WARNING')"
SENDS = {"SMS_ADAPTER": "tests.notices.gateway.DownSms"}


def test_production_warns_while_short_messages_reach_nobody(tmp_path):
    checked = production(CHECK, tmp_path, **SECRETS)
    started = production("import config.wsgi", tmp_path, **SECRETS)

    assert checked.returncode != 0
    for result in (checked, started):
        assert "No short message leaves this site" in result.stderr
    assert started.returncode == 0


@pytest.mark.parametrize("path", ["notices.sms.Missing", "nowhere.Sms", "notices.sms.logger"])
def test_production_names_an_adapter_that_cannot_be_had(path: str, tmp_path):
    result = production(CHECK, tmp_path, **{**SECRETS, "SMS_ADAPTER": path})

    assert result.returncode != 0
    assert f"SMS_ADAPTER names {path}" in result.stderr


def test_production_has_no_back_door(tmp_path):
    code = (
        "import json; from django.conf import settings as s\n"
        "print(json.dumps([s.DEBUG, s.CLOCK_CAN_MOVE, 'demo' in s.INSTALLED_APPS,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS]))"
    )

    result = production(code, tmp_path, **SECRETS)

    assert json.loads(result.stdout.splitlines()[-1]) == [False, False, False, True, True, 31_536_000]


def test_production_passes_the_deployment_check(tmp_path):
    result = production(CHECK, tmp_path, **SECRETS, **SENDS)

    assert result.returncode == 0, result.stderr
    assert "short message" not in result.stderr


def test_content_policy_is_strict(tmp_path):
    code = (
        "import json; from django.conf import settings\n"
        "print(json.dumps(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']))"
    )

    directives = json.loads(production(code, tmp_path, **SECRETS).stdout.splitlines()[-1])

    assert directives["script-src"] == ["'self'"]
    assert directives["style-src"] == ["'self'"]
    assert "unsafe" not in json.dumps(directives)
    assert "http" not in json.dumps(directives)
