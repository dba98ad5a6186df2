from attempt import *

nonce = os.environ["NONCE_PART"]


def search(top):
    """Files that have the secret in them, or a name that is like it."""
    found = []
    for folder, folders, files in os.walk(top):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/usr", "/sys")]
        for name in files:
            path = os.path.join(folder, name)
            try:
                if not os.path.isfile(path) or os.path.getsize(path) > 1 << 20:
                    continue
                if ("martlet-" + nonce).encode() in open(path, "rb").read():
                    found.append(path)
            except OSError:
                pass
    return found


attempt("the tests", lambda: search("/"))
attempt("the tests' folder", lambda: os.listdir(os.path.dirname(os.environ["HOST_SECRET"])))
attempt("the host's variables", lambda: [n for n in os.environ if n in ("MARTLET_SECRET", "SSH_AUTH_SOCK", "USER")])
attempt("the home folder", lambda: os.listdir("/root") + os.listdir("/home"))
attempt("the users", lambda: open("/etc/passwd").read())
attempt("the machine's name", lambda: os.uname().nodename != "sandbox")
done()
