#if os(Linux)
    import Foundation

    /// Runs code with an ordinary user's rights to files, so that what the superuser tests is what others meet.
    enum OrdinaryUser {
        /// - Parameter body: runs on this thread; the others keep their rights.
        static func run<Result>(_ body: () throws -> Result) throws -> Result {
            guard geteuid() == 0 else { return try body() }
            // Unlike seteuid it changes one thread only; Swift's module of the C library leaves it out.
            typealias Change = @convention(c) (uid_t) -> CInt
            guard let address = dlsym(nil, "setfsuid") else { throw POSIXError(.ENOSYS) }
            let change = unsafeBitCast(address, to: Change.self)
            let nobody: uid_t = 65534
            _ = change(nobody)
            defer { _ = change(0) }
            return try body()
        }
    }
#endif
