import time

from attempt import *

children = 0
while children < 5000:
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    except OSError:
        break
    children += 1
attempt("more processes than allowed", lambda: children > 64)
done()
