"""What a channel is worth in a game of channels: its average contribution over all orders in which they could join.

`credit` is the game of attribution: the worth of a set of channels is the revenue of the journeys contained in it.
There the value of a channel is the sum of R(S) / |S| over the channel sets S that contain it; it looks at converting
journeys alone. Zhao, Mahboobi and Bagheri, "Shapley Value Methods for Attribution Modeling in Online Advertising",
arXiv:1804.05327 (2018). `exact` takes any worth: L. S. Shapley, "A value for n-person games" (1953).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from math import factorial, fsum

import numpy as np

MOST_CHANNELS = 20
"""2^20 worths are a second's work and 8 MB; each channel more doubles both."""


def credit(sets: Iterable[tuple[Iterable[str], float]]) -> dict[str, float]:
    """Credit by channel, in order of name; it sums to the value of all sets.

    sets: `(channels, value)`, the value of the journeys with exactly that set of channels. The same set may come in
    several pieces, a channel named twice counts once, and a set without channels earns nobody anything.
    """
    parts: dict[str, list[float]] = defaultdict(list)
    for told, value in sets:
        channels = _channels(told)
        for channel in channels:
            parts[channel].append(value / len(channels))
    return {channel: fsum(parts[channel]) for channel in sorted(parts)}


def exact(value: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Shapley value by channel, in order of name, for any worth of sets; it sums to worth(all) - worth(none).

    value: worth of each set of channels; a set not named is worth 0. Raises ValueError for more than 20 channels.
    """
    worths = {_channels(told): worth for told, worth in value.items()}
    channels = sorted(frozenset[str]().union(*worths))
    count = len(channels)
    if count > MOST_CHANNELS:
        raise ValueError(f"{count} channels make 2^{count} sets; at most {MOST_CHANNELS} can be worked out")
    bit = {channel: 1 << number for number, channel in enumerate(channels)}
    worth = np.zeros(1 << count)
    for members, told in worths.items():
        worth[sum(bit[channel] for channel in members)] = told
    coalition = np.arange(1 << count)
    size = np.bitwise_count(coalition)
    # chance that exactly these others have joined before, in a random order
    chance = np.array([factorial(s) * factorial(count - s - 1) / factorial(count) for s in range(count)])
    result = {}
    for channel in channels:
        others = coalition[coalition & bit[channel] == 0]
        gained = worth[others | bit[channel]] - worth[others]
        result[channel] = float((chance[size[others]] * gained).sum())
    return result


def _channels(told: Iterable[str] | Hashable) -> frozenset[str]:
    """A set of channels; a lone text is one channel, not its letters."""
    return frozenset([told]) if isinstance(told, str) else frozenset(told)  # type: ignore[arg-type]
