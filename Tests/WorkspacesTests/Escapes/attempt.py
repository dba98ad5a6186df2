"""What every escape begins with: `attempt` says ESCAPED when something is done that should not be possible."""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
count = 0


def attempt(what, action):
    """`action` fails by an exception or by a false value."""
    global count
    count += 1
    try:
        result = action()
    except BaseException as error:
        print("held:", what, type(error).__name__, error)
        return
    print("ESCAPED:" if result else "held:", what, result)


def system_call(number, *arguments):
    """Whether a system call succeeds."""
    return libc.syscall(number, *arguments) != -1


def done():
    print(f"attempts: {count}")
