from attempt import *


def fill(folder):
    """Bytes that could be written."""
    written = 0
    block = bytes(1 << 20)
    for number in range(300):
        try:
            with open(f"{folder}/fill-{number}", "wb") as file:
                written += file.write(block)
        except OSError:
            break
    return written


limit = int(os.environ["FILE_LIMIT"])
for folder in ["/tmp", "/sandbox", "/dev/shm"]:
    attempt(f"more than allowed in {folder}", lambda: fill(folder) > limit)
    for number in range(300):
        if os.path.exists(f"{folder}/fill-{number}"):
            os.remove(f"{folder}/fill-{number}")
for folder in ["/", "/dev", "/usr", "/usr/lib", "/bin", "/etc", "/proc", "/var", "/run", "/home"]:
    attempt(f"anything in {folder}", lambda: fill(folder))


def one_file():
    with open("/tmp/sparse", "wb") as file:
        file.truncate(limit * 2)
        return True


attempt("a file larger than allowed", one_file)
done()
