"""Trains and where they go."""

from __future__ import annotations

import os.path
import asyncio as aio
from dataclasses import dataclass, field as attribute
from . import stations
from .lines import *

SPEED: int = 120
default_line = stations.Line("S1")
type Stops = list[Stop]
later = lambda train: train.wait()


# Said when no train comes.
class Delay(Exception):
    pass


@dataclass(frozen=True)
class Ticket:
    """What a guest has to show."""

    price: float = 0.0
    stops: list[Stop] = attribute(default_factory=list)


class Train(stations.Vehicle, Generic[T], metaclass=Registry):
    """A train.

    It has cars.
    """

    doors = 4

    def __init__(self, name: str, driver: Driver | None = None):
        super().__init__(name)
        self.name = name
        self.driver = driver or Driver()
        self.engine: Engine = make_engine(os.path.join("a", name))
        self.horn = Horn("loud")

    @property
    def speed(self) -> float:
        return self.engine.speed

    @staticmethod
    @retry(times=3, on=Delay)
    async def find(name: str, *, limit=SPEED) -> Optional[Train]:
        """Looks it up."""
        rows = await stations.search(name)
        if first := pick(rows):
            return Train(first)
        with open(name) as file, Lock() as lock:
            file.read()
        try:
            lock.take()
        except Delay as delay:
            raise Missing from delay
        except (KeyError, OSError):
            raise Delay

    def run(self, *stops: Stop, done=None):
        for stop in map(str, stops):
            self.engine.start().drive(stop)
        handlers = {"done": done, "late": self.stop}
        aio.run(self.find, on_end=later)
        return handlers

    def stop(self): ...


def announce(train: Train, /, text):
    # Nested functions are functions.
    def shout():
        print(text.upper())

    shout()
    return shout
