from attempt import *

secret = os.environ["HOST_SECRET"]


def through(target):
    if os.path.lexists("/sandbox/link"):
        os.remove("/sandbox/link")
    os.symlink(target, "/sandbox/link")
    return open("/sandbox/link").read()


for target in [
    secret, "/proc/1/root" + secret, "/proc/self/root" + secret, "/proc/1/cwd/.." + secret, "../../.." + secret,
    "/proc/self/fd/3/../../.." + secret,
]:
    attempt(f"a link to {target}", lambda: through(target))
attempt("a hard link to a system's file", lambda: os.link("/usr/bin/env", "/sandbox/env") is None)
attempt("a hard link to a file outside", lambda: os.link(secret, "/sandbox/secret") is None)
attempt("to put a file in place of a system's", lambda: os.rename("/sandbox/attempt.py", "/usr/bin/env") is None)
attempt("another root", lambda: os.chroot("/sandbox") is None)
attempt("to mount", lambda: libc.mount(b"/usr", b"/sandbox", None, 4096, None) == 0)
attempt("to mount the host's processes", lambda: libc.mount(b"proc", b"/tmp", b"proc", 0, None) == 0)
attempt("to unmount", lambda: libc.umount2(b"/usr", 2) == 0)
attempt("to mount writably", lambda: libc.mount(None, b"/usr", None, 32 | 4096, None) == 0)
attempt("a file by its handle", lambda: system_call(304, -100, 0, 0))
done()
