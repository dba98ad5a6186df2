import signal

from attempt import *

signal.signal(signal.SIGTERM, signal.SIG_IGN)
attempt("the host's process", lambda: os.kill(int(os.environ["HOST_PID"]), signal.SIGKILL) is None)
attempt("whoever started it on the host", lambda: os.kill(int(os.environ["GRADER_PID"]), signal.SIGKILL) is None)
# Within the sandbox it may do as it likes; the first process is the kernel's to protect.
for action in [lambda: os.kill(1, signal.SIGKILL), lambda: os.kill(1, signal.SIGSTOP), lambda: os.killpg(1, 9)]:
    try:
        action()
    except OSError:
        pass
attempt("the terminal", lambda: open("/dev/tty"))
attempt("keys for the terminal", lambda: libc.ioctl(0, 0x5412, ctypes.c_char_p(b"x")) == 0)
done()
os.kill(-1, signal.SIGKILL)
