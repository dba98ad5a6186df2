from attempt import *

attempt("to trace the first process", lambda: libc.ptrace(16, 1, 0, 0) != -1)
attempt("to seize the first process", lambda: libc.ptrace(0x4206, 1, 0, 0) != -1)
attempt("to be traced", lambda: libc.ptrace(0, 0, 0, 0) != -1)
attempt("to read the first process's memory", lambda: system_call(310, 1, 0, 0, 0, 0, 0))
attempt("to write the first process's memory", lambda: system_call(311, 1, 0, 0, 0, 0, 0))
attempt("to take the first process's files", lambda: system_call(438, os.pidfd_open(1), 0, 0))
done()
