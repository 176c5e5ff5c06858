"""Reading processes that die, hang or devour memory, in place of the real one."""

import os
import pickle
import resource
import sys
import time


def _task() -> None:
    limits = pickle.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    pickle.load(sys.stdin.buffer)


def abort() -> None:
    _task()
    os.abort()


def sleep() -> None:
    _task()
    time.sleep(600)


def devour() -> None:
    _task()
    hoard = [bytearray(2**28) for _ in range(64)]
    print(len(hoard))
