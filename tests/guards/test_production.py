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


def test_production_refuses_the_broker_made_of_files(tmp_path):
    result = production("", tmp_path, **{**SECRETS, "BROKER_URL": "filesystem://"})

    assert result.returncode != 0
    assert "BROKER_URL" in result.stderr


def test_production_has_no_back_door(tmp_path):
    code = (
        "import json; from django.conf import settings as s\n"
        "print(json.dumps([s.DEBUG, s.CLOCK_CAN_MOVE, 'demo' in s.INSTALLED_APPS,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS]))"
    )

    result = production(code, tmp_path, **SECRETS)

    assert json.loads(result.stdout.splitlines()[-1]) == [False, False, False, True, True, 31_536_000]


def test_production_passes_the_deployment_check(tmp_path):
    code = "from django.core.management import call_command\ncall_command('check', deploy=True, fail_level='WARNING')"

    result = production(code, tmp_path, **SECRETS)

    assert result.returncode == 0, result.stderr


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
