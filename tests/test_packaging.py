"""What is shipped agrees with itself: image, composition, settings, the script that runs the image's steps."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.config import Settings

ROOT = Path(__file__).resolve().parent.parent
NOT_SHIPPED = {"simulator"}
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_SHIPPED
FOR_THE_BUILD = {"web", "tools/install_web_parts.py"}
FOR_COMPOSE = {"POSTGRES_PASSWORD"}
OF_GUNICORN = {"WEB_PROCESSES", "WEB_THREADS"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def dockerfile() -> list[tuple[str, str]]:
    """The instructions in order, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", read("Dockerfile"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def values(instruction: str) -> list[str]:
    return [value for name, value in dockerfile() if name == instruction]


def shipped() -> set[str]:
    lines = read(".dockerignore").splitlines()
    assert lines[lines.index("*") - 1].startswith("#")
    return {line[1:] for line in lines if line.startswith("!")}


def composed() -> dict[str, dict[str, object]]:
    return yaml.safe_load(read("compose.yaml"))["services"]


def test_the_script_runs_every_step_of_the_image_in_its_order() -> None:
    script = read("tools/image_steps.sh")
    steps = re.findall(r"^run '(.+)'$", script, re.MULTILINE)
    assert steps == values("RUN")
    probe = json.loads(values("HEALTHCHECK")[0].partition("CMD ")[2])[2]
    assert shlex.quote(probe).strip("'") in script.replace('\\"', '"') or probe in script.replace('\\"', '"')
    assert " ".join(json.loads(values("CMD")[0])).replace("bot.web:from_environment()", "").strip() in script
    subprocess.run(["sh", "-n", str(ROOT / "tools/image_steps.sh")], check=True)


def test_the_image_holds_what_runs_and_nothing_else() -> None:
    assert shipped() == PACKAGES | {"requirements.txt", "gunicorn.conf.py", "migrations", "notices", *FOR_THE_BUILD}
    assert all((ROOT / name).exists() for name in shipped())


def test_the_image_is_small_unprivileged_and_in_exec_form() -> None:
    names = [name for name, _ in dockerfile()]
    assert all(image.startswith("python:3.12-slim") for image in values("FROM"))
    assert values("USER") == ["bot"]
    assert names.index("USER") < names.index("CMD")
    assert not any("apt-get" in step or "gcc" in step for step in values("RUN"))
    assert values("STOPSIGNAL") == ["SIGTERM"]
    for name in ("CMD", "HEALTHCHECK"):
        assert isinstance(json.loads(re.sub(r"^.*?CMD |^--.*? CMD ", "", values(name)[0])), list)


def test_the_probe_of_the_image_asks_healthz() -> None:
    probe = json.loads(values("HEALTHCHECK")[0].partition("CMD ")[2])
    assert probe[:2] == ["python3", "-c"]
    assert "/healthz" in probe[2]
    compile(probe[2], "probe", "exec")


@pytest.mark.parametrize("service", ["web", "worker"])
def test_two_of_each_run_from_one_image_with_known_settings(service: str) -> None:
    described = composed()[service]
    assert described["deploy"] == {"replicas": 2}
    assert described["image"] == composed()["web"]["image"]
    known = {name.upper() for name in Settings.model_fields} | OF_GUNICORN
    assert set(described["environment"]) <= known  # type: ignore[call-overload]
    assert {"DATABASE_URL", "REDIS_URL", "DATA_DIR"} <= set(described["environment"])  # type: ignore[call-overload]
    assert described["env_file"] == ".env"
    assert isinstance(described["command"], list)
    for needed in described["depends_on"]:  # type: ignore[attr-defined]
        assert "healthcheck" in composed()[needed]
    assert described["volumes"] == ["data:/data"]


def test_the_composition_waits_longer_than_gunicorn_does() -> None:
    gunicorn = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert int(str(composed()["web"]["stop_grace_period"]).removesuffix("s")) > gunicorn["graceful_timeout"]
    assert gunicorn["worker_class"] == "gthread"
    assert gunicorn["accesslog"] is None  # a query string holds a signature
    assert gunicorn["preload_app"] is False


def test_the_example_names_every_variable_as_the_settings_do() -> None:
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert named <= {name.upper() for name in Settings.model_fields} | FOR_COMPOSE
    asked = set(re.findall(r"\$\{([A-Z_]+)", read("compose.yaml")))
    assert asked <= named
