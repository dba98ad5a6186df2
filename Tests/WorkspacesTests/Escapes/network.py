import socket

from attempt import *


def connects(family, kind, address):
    with socket.socket(family, kind) as it:
        it.settimeout(2)
        it.connect(address)
        return True


port = int(os.environ["HOST_PORT"])
attempt("the host's loopback", lambda: connects(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", port)))
attempt("the host's loopback, version 6", lambda: connects(socket.AF_INET6, socket.SOCK_STREAM, ("::1", port)))
attempt("an address outside", lambda: connects(socket.AF_INET, socket.SOCK_STREAM, ("1.1.1.1", 53)))
attempt("a datagram outside", lambda: connects(socket.AF_INET, socket.SOCK_DGRAM, ("1.1.1.1", 53)))
attempt("a name", lambda: socket.gethostbyname("example.org"))
attempt("raw packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))
attempt("raw datagrams", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("the host behind a virtual machine", lambda: socket.socket(40, socket.SOCK_STREAM))
attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
attempt("the kernel's cryptography", lambda: socket.socket(38, socket.SOCK_SEQPACKET))
attempt("an interface other than loopback", lambda: set(dict(socket.if_nameindex()).values()) - {"lo"})
done()
