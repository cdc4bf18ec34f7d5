"""Keeping the children alive until we are asked to end, and ending them in time."""

import time
from collections.abc import Callable, Sequence

from organizer.running.children import Child
from organizer.running.signals import Signals, signals

# Together they stay under ten seconds, the patience of those who stop services.
GRACE_SECONDS = 7.0
FIRST_LOOKS = 0.05
LATER_LOOKS = 1.0
# Who never came up and dies again and again will not come up.
HOPELESS = 3


class Supervisor:
    """Runs children together. `say` is told of deaths; `ready` is asked until it is true, then `welcome` called."""

    def __init__(
        self,
        children: Sequence[Child],
        ready: Callable[[], bool],
        welcome: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self.children = children
        self.ready = ready
        self.welcome = welcome
        self.say = say
        self._welcomed = False

    def run(self) -> int:
        """Until a signal asks to end. Gives 0; 1 when a child never came up."""
        with signals() as heard:
            for child in self.children:
                child.start()
            hopeless = False
            while not heard.asked() and not hopeless:
                heard.wait(LATER_LOOKS if self._welcomed else FIRST_LOOKS)
                hopeless = self._look_after_children()
                if not self._welcomed and not heard.asked() and self.ready():
                    self._welcomed = True
                    self.welcome()
            self._end(heard)
        return int(hopeless)

    def _look_after_children(self) -> bool:
        """Start again who died. Whether one of them seems never to come up."""
        for child in self.children:
            how = child.death()
            if how and not self._welcomed and child.deaths >= HOPELESS:
                self.say(f"{child.name} ended ({how}) again and again before it could answer; giving up.")
                return True
            if how:
                self.say(f"{child.name} ended ({how}); starting it again in {child.pause:g} s.")
            elif child.due:
                child.start()
        return False

    def _end(self, heard: Signals) -> None:
        """Ask all to end, and after a while, or at a second signal, end them."""
        before = heard.asked()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.ask_to_end()
        while any(child.running for child in self.children) and time.monotonic() < deadline:
            heard.wait(LATER_LOOKS)
            if heard.asked() > max(before, 1):
                break
        for child in self.children:
            child.kill()
