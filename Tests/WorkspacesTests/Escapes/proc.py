from attempt import *


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return True


host = os.environ["HOST_PID"]
secret = os.environ["HOST_SECRET"]
attempt("the host's processes", lambda: b"sleep" in open(f"/proc/{host}/cmdline", "rb").read())
attempt("more processes than this sandbox's", lambda: sum(name.isdigit() for name in os.listdir("/proc")) > 8)
attempt("the first process's environment", lambda: b"HOST" in open("/proc/1/environ", "rb").read())
attempt("the first process's files", lambda: open("/proc/1/root" + secret).read())
attempt("the kernel's memory", lambda: open("/proc/kcore", "rb").read(1))
attempt("the name of core files", lambda: write("/proc/sys/kernel/core_pattern", "|/bin/true"))
attempt("what the kernel starts", lambda: write("/proc/sys/kernel/modprobe", "/bin/true"))
attempt("the kernel's keys", lambda: write("/proc/sysrq-trigger", "h"))
attempt("to be spared by the kernel", lambda: write("/proc/self/oom_score_adj", "-1000"))
attempt("to become root", lambda: write("/proc/self/uid_map", "0 0 1"))


def descriptors():
    """Open files other than the three that every program has, and the pipe that tells when the last one has ended."""
    names = {}
    for number in os.listdir("/proc/self/fd"):
        try:
            names[number] = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            pass
    return {n: target for n, target in names.items() if int(n) > 2 and not target.startswith(("pipe:", "/proc/"))}


attempt("files of whoever started this", descriptors)
done()
