import os
import time

# Many of them, each of which lets go of everything that could tell that it is there.
for child in range(8):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(10000)
        os._exit(0)
os.closerange(1, 256)
time.sleep(10000)
