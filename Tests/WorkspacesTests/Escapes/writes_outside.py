from attempt import *


def write(path):
    with open(path, "a") as file:
        file.write("ESCAPED")
    return True


for path in [
    os.environ["HOST_FILE"], os.environ["HOST_SECRET"], "/etc/passwd", "/usr/bin/martlet-escape", "/usr/lib/escape.so",
    "/bin/sh", "/etc/profile", "/var/tmp/escape", "/sys/kernel/uevent_helper", "/sys/fs/cgroup/escape", "/dev/sda",
    "/dev/vda", "/dev/mem", "/escape", "/sandbox/../escape", "/tmp/../../escape",
]:
    attempt(path, lambda: write(path))
attempt("a device", lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(254, 0)) is None)
done()
