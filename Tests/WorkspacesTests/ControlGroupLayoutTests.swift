import Testing
import Workspaces

@Suite("Control groups are found")
struct ControlGroupLayoutTests {
    private let everything: (String) -> Bool = { _ in true }

    @Test("of version 1, a mount for each controller")
    func one() throws {
        let layout = try #require(
            ControlGroupLayout(
                groups: "9:name=systemd:/\n8:pids:/user\n4:memory:/a/b\n2:cpu,cpuacct:/\n0::/",
                mounts: """
                    30 24 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory
                    31 24 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
                    32 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
                    33 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
                    """, exists: everything))
        #expect(layout.version == .one)
        #expect(
            layout.parents == ["/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/pids/user", "/sys/fs/cgroup/cpu,cpuacct"])
    }

    @Test("of version 2, one for all")
    func two() throws {
        let mounts = "35 24 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
        let groups = "0::/user.slice/user-1000.slice/run-7.scope\n"
        let layout = try #require(ControlGroupLayout(groups: groups, mounts: mounts, exists: everything))
        #expect(layout.version == .two)
        #expect(layout.parents == ["/sys/fs/cgroup/user.slice/user-1000.slice/run-7.scope"])
    }

    @Test("in a container, whose mount begins at its own group")
    func container() throws {
        let mounts = "35 24 0:30 /docker/77 /sys/fs/cgroup rw - cgroup2 cgroup rw"
        let layout = try #require(ControlGroupLayout(groups: "0::/docker/77/x", mounts: mounts, exists: everything))
        #expect(layout.parents == ["/sys/fs/cgroup/x"])
        let outside = try #require(
            ControlGroupLayout(groups: "0::/elsewhere", mounts: mounts, exists: { $0 == "/sys/fs/cgroup" }))
        #expect(outside.parents == ["/sys/fs/cgroup"])
    }

    @Test("nowhere, when neither limits memory and processes")
    func none() {
        let mounts = "30 24 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n: - -\n"
        #expect(ControlGroupLayout(groups: "4:memory:/\n8:pids:/", mounts: mounts, exists: everything) == nil)
        #expect(ControlGroupLayout(groups: "", mounts: "", exists: everything) == nil)
    }
}
