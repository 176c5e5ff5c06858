"""What was told to whom: a small file, so that every alert goes out once and none is lost when a server is down."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from locales import _
from reports.alerts import Alert

KEPT = timedelta(days=90)  # older breaches are not looked at any more, so nobody needs to remember them


class Told:
    """Keys of the alerts each channel has sent, with the day their answer was due. Saved after every message."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            content = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            content = {}
        except ValueError:
            said = _("{file} is damaged; delete it and every current alert is told once more.")
            raise ValueError(said.format(file=file.name)) from None
        self._channels: dict[str, dict[str, str]] = content.get("channels", {})
        self._looked: dict[str, str] = content.get("looked", {})

    def of(self, channel: str) -> Mapping[str, str]:
        """Keys a channel was told."""
        return self._channels.get(channel, {})

    def knows(self, channel: str) -> bool:
        """Whether the channel was ever told something, or looked at with nothing to say."""
        return channel in self._looked

    def since(self, channel: str, first: datetime) -> datetime:
        """The moment up to which breaches were looked at for a channel; `first` for a new one."""
        return datetime.fromisoformat(self._looked[channel]) if channel in self._looked else first

    def remember(self, channel: str, sent: Iterable[Alert], looked_at: datetime) -> None:
        """Everything of this look went out, or there was nothing to say."""
        known = {**self.of(channel), **{alert.key: alert.due_at.isoformat() for alert in sent}}
        kept = {key: due for key, due in known.items() if datetime.fromisoformat(due) > looked_at - KEPT}
        self._channels[channel], self._looked[channel] = kept, looked_at.isoformat()
        content = json.dumps({"channels": self._channels, "looked": self._looked}, indent=1, sort_keys=True)
        draft = self._file.with_suffix(".draft")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as opened:
            opened.write(content + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(self._file)
