import os
import time

# Each takes less than the limit, all together more.
for child in range(16):
    if os.fork() == 0:
        block = bytearray(os.urandom(1 << 20) * 64)
        time.sleep(2)
        print("ESCAPED" if child == 15 else "", end="", flush=True)
        os._exit(0)
time.sleep(3)
