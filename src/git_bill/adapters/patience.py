"""How long a run waits for a forge: a minute altogether where the forge asks for it, seconds where it stumbles."""

import time
from collections.abc import Callable, Iterator

LONGEST = 60  # seconds altogether
_PAUSES = (0.5, 1.5, 4.0)  # seconds before the next try of what may be over in a moment


class Patience:
    """Of one client, for all that a run asks of it. `say` hears of waits that the forge asked for; `pause` sleeps."""

    def __init__(self, forge: str, say: Callable[[str], None], pause: Callable[[float], None] = time.sleep) -> None:
        self._forge, self._say, self._pause = forge, say, pause
        self._waited = 0.0

    def granted(self, seconds: float) -> bool:
        """Wait as long as the forge asks; False, and no wait, where that is more than a run waits."""
        if self._waited + seconds > LONGEST:
            return False
        self._waited += seconds
        self._say(f"{self._forge} asks for a pause: waiting {seconds:.0f} s")
        self._pause(seconds)
        return True

    def stumbles(self, most: int = len(_PAUSES)) -> Iterator[bool]:
        """For one request: each step waits a moment and is True; after the most it is False, with no wait."""
        for seconds in _PAUSES[:most]:
            self._pause(seconds)
            yield True
        while True:
            yield False
