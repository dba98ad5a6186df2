import platform

from attempt import *

assert platform.machine() == "x86_64"
attempt("namespaces", lambda: libc.unshare(0x10000000) == 0)
for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
    attempt(f"a child in a namespace of its own, {flag:x}", lambda: system_call(56, flag | 17, 0, 0, 0, 0))
attempt("a child by the call that no filter can read", lambda: system_call(435, 0, 88))
attempt("the host's namespaces", lambda: libc.setns(os.open("/proc/1/ns/net", os.O_RDONLY), 0) == 0)
attempt("programs in the kernel", lambda: system_call(321, 5, 0, 0))
attempt("counters of the kernel", lambda: system_call(298, 0, 0, -1, -1, 0))
attempt("rings", lambda: system_call(425, 8, 0))
attempt("page faults", lambda: system_call(323, 0))
attempt("keys", lambda: system_call(250, 0, -3, 1))
attempt("modules", lambda: system_call(313, 0, 0, 0))
attempt("another kernel", lambda: system_call(246, 0, 0, 0, 0))
attempt("the kernel's log", lambda: libc.klogctl(3, ctypes.create_string_buffer(64), 64) > 0)
attempt("ports", lambda: libc.iopl(3) == 0)
attempt("the clock", lambda: system_call(227, 0, ctypes.create_string_buffer(16)))
attempt("the machine's name", lambda: libc.sethostname(b"x", 1) == 0)
attempt("to reboot", lambda: libc.reboot(0x89ABCDEF - (1 << 32)) == 0)
done()
