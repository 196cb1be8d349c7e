"""Die in the middle of file operations, as a machine does that loses power."""

import os
from collections.abc import Callable

_OPERATIONS = ("rename", "replace", "mkdir", "fsync", "unlink", "rmdir")


def killed_at(work: Callable[[], object], point: int, after: bool = False) -> bool:
    """Do `work` in a child process that dies at file operation number `point`; tell if it did.

    Args:
        work: what is done.
        point: from 1; `work` that has fewer operations is done to its end.
        after: die behind the operation, not before it.
    """
    child = os.fork()
    if child == 0:
        count = 0

        def guarded(operation):
            def run(*args, **kwargs):
                nonlocal count
                count += 1
                mine = count
                if mine == point and not after:
                    os._exit(9)
                try:
                    return operation(*args, **kwargs)
                finally:
                    if mine == point:
                        os._exit(9)

            return run

        for name in _OPERATIONS:
            setattr(os, name, guarded(getattr(os, name)))
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
