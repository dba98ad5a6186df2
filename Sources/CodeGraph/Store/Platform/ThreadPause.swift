#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Lets this thread rest; for waits of milliseconds where nothing can be awaited.
func pauseThread(milliseconds: UInt32) { usleep(milliseconds * 1000) }
