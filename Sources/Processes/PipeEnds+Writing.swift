#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CPlatform

extension PipeEnds {
    /// Writes to a pipe whose reader may be gone. What a broken pipe does to this process otherwise stays as it is: the
    /// signal is blocked for this thread and this call, and taken away if it came.
    /// - Returns: bytes written, or -1 with `errno`.
    package static func send(_ bytes: ArraySlice<UInt8>, to end: Int32) -> Int {
        var broken = sigset_t()
        unsafe sigemptyset(&broken)
        unsafe sigaddset(&broken, SIGPIPE)
        var pending = sigset_t()
        unsafe sigpending(&pending)
        let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &broken, &before)
        let written = unsafe bytes.withUnsafeBytes { unsafe writeBytes(end, $0.baseAddress, $0.count) }
        let code = errno
        if written < 0, code == EPIPE, !wasPending {
            unsafe sigpending(&pending)
            var signal: Int32 = 0
            if unsafe sigismember(&pending, SIGPIPE) == 1 { unsafe sigwait(&broken, &signal) }
        }
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        errno = code
        return written
    }
}

private let writeBytes = unsafe write
