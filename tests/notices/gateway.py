"""An operator's gateway in a file: slow, and able to say what it took."""

import os
import time
from pathlib import Path


def taken() -> list[str]:
    """The references of every message that went out."""
    path = Path(os.environ["BANGFU_VAR"]) / "gateway"
    return path.read_text().split() if path.exists() else []


class FileSms:
    """Takes the message at once and answers a second later, so that a worker can die in between."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        with (Path(os.environ["BANGFU_VAR"]) / "gateway").open("a") as file:
            file.write(f"{reference}\n")
        time.sleep(1)

    def accepted(self, reference: str) -> bool:
        return reference in taken()


class DownSms:
    """A gateway that does not answer."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        raise ConnectionError("no answer")

    def accepted(self, reference: str) -> bool:
        return False
