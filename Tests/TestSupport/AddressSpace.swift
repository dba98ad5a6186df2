#if os(Linux)
    import Foundation

    /// Bounds what this process may allocate from now on, so that an allocation of a size that a file merely claims
    /// crashes. For exit tests: the limit stays. Exits with 2 where the system refuses it.
    package func limitAddressSpaceGrowth(byMebibytes mebibytes: Int) {
        var pages = 0
        if let file = fopen("/proc/self/statm", "r") {
            var line = [CChar](repeating: 0, count: 128)
            if fgets(&line, 128, file) != nil { pages = Int(strtol(line, nil, 10)) }
            fclose(file)
        }
        let limit = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + mebibytes << 20)
        var limits = rlimit(rlim_cur: limit, rlim_max: limit)
        if pages == 0 || setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) != 0 { exit(2) }
    }
#endif
