import os
import signal

# Each takes less than the limit, all together more.
ready = 0
for child in range(16):
    told, tell = os.pipe()
    if os.fork() == 0:
        block = bytearray(os.urandom(1 << 20) * 64)
        os.write(tell, b"x")
        signal.pause()
    os.close(tell)
    if not os.read(told, 1):
        break
    ready += 1
print("ESCAPED" if ready == 16 else "held", flush=True)
