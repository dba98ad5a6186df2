import resource
import shutil
import subprocess

from attempt import *

attempt("root", lambda: os.setuid(0) is None)
attempt("root's group", lambda: os.setgid(0) is None)
attempt("groups", lambda: os.setgroups([0]) is None)
attempt("capabilities", lambda: open("/proc/self/status").read().split("CapEff:")[1].split()[0].strip("0"))
attempt("capabilities to gain", lambda: open("/proc/self/status").read().split("CapBnd:")[1].split()[0].strip("0"))
attempt("privileges by programs", lambda: "NoNewPrivs:\t1" not in open("/proc/self/status").read())
attempt("no filter", lambda: "Seccomp:\t2" not in open("/proc/self/status").read())


def raised_shell():
    shutil.copy("/usr/bin/id", "/sandbox/id")
    os.chmod("/sandbox/id", 0o6755)
    return subprocess.run(["/sandbox/id", "-u"], capture_output=True, text=True).stdout.strip() == "0"


attempt("a program that changes users", raised_shell)
for command in (["su", "-c", "id -u"], ["newgrp", "root"], ["mount", "-t", "tmpfs", "none", "/tmp"], ["sudo", "id"]):
    attempt(" ".join(command), lambda: subprocess.run(command, stdin=subprocess.DEVNULL, timeout=5).returncode == 0)
attempt("root in a namespace", lambda: subprocess.run(["unshare", "-Ur", "true"]).returncode == 0)
attempt("a sandbox in the sandbox", lambda: subprocess.run(["bwrap", "--dev-bind", "/", "/", "true"]).returncode == 0)
for limit in ("NPROC", "CPU", "FSIZE", "NOFILE"):
    number = getattr(resource, "RLIMIT_" + limit)
    hard = resource.getrlimit(number)[1]
    attempt(f"a higher limit of {limit}", lambda: resource.setrlimit(number, (hard + 1, hard + 1)) is None)
    attempt(f"no limit of {limit}", lambda: hard == resource.RLIM_INFINITY)
done()
