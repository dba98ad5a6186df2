#if os(Linux)
    import Generation
    import TestSupport
    import Testing

    @Suite("Control groups")
    struct ControlGroupTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// - Parameter files: what the kernel shows, by path under the mount point.
        private func group(_ membership: String, _ files: [String: String]) throws -> ControlGroup {
            for (path, text) in files { try folder.write(text, to: path) }
            return try ControlGroup(root: folder.path, membership: folder.write(membership, to: "membership"))
        }

        @Test("version 2: the tightest of the group and those above it counts, the page cache as free")
        func unified() throws {
            let found = try group(
                "0::/system.slice/martlet.service\n",
                [
                    "system.slice/martlet.service/memory.max": "max\n",
                    "system.slice/martlet.service/memory.current": "700\n",
                    "system.slice/martlet.service/cpu.max": "150000 100000\n",
                    "system.slice/memory.max": "1000\n",
                    "system.slice/memory.current": "900\n",
                    "system.slice/memory.stat": "anon 300\nfile 600\ninactive_file 350\nactive_file 150\n",
                    "system.slice/cpu.max": "max 100000\n",
                ])
            #expect(found.availableMemory == 600)
            #expect(found.cores == 2)
        }

        @Test("version 1 has a folder for each controller")
        func separate() throws {
            let found = try group(
                "4:memory:/box\n2:cpu,cpuacct:/box\n0::/\n",
                [
                    "memory/box/memory.limit_in_bytes": "5000\n",
                    "memory/box/memory.usage_in_bytes": "4000\n",
                    "memory/box/memory.stat": "inactive_file 9\ntotal_inactive_file 100\ntotal_active_file 20\n",
                    "memory/memory.limit_in_bytes": "9223372036854771712\n",
                    "memory/memory.usage_in_bytes": "123456\n",
                    "cpu/box/cpu.cfs_quota_us": "-1\n",
                    "cpu/box/cpu.cfs_period_us": "100000\n",
                    "cpu/cpu.cfs_quota_us": "300000\n",
                    "cpu/cpu.cfs_period_us": "100000\n",
                ])
            #expect(found.availableMemory == 1120)
            #expect(found.cores == 3)
        }

        @Test("a container that sees its group as the top")
        func container() throws {
            let found = try group(
                "0::/elsewhere/entirely\n",
                ["memory.max": "2000\n", "memory.current": "500\n", "cpu.max": "50000 100000\n"])
            #expect(found.availableMemory == 1500)
            #expect(found.cores == 1)
        }

        @Test("no limits, no files, and nonsense limit nothing", arguments: ["", "0::/\n", "nonsense\n::\n1:memory\n"])
        func unlimited(_ membership: String) throws {
            let found = try group(membership, ["memory.max": "many\n", "memory.current": "x", "cpu.max": "1 0\n"])
            #expect(found.availableMemory == nil)
            #expect(found.cores == nil)
        }
    }
#endif
