import signal
import sys
import time

from attempt import *

# A child that outlives whoever made it, in a session of its own and deaf to what can be ignored.
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        for descriptor in range(64):
            try:
                os.close(descriptor)
            except OSError:
                pass
        time.sleep(10000)
    os._exit(0)
done()
