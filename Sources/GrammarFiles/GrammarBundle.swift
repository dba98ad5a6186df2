package import ModelFiles

/// The collection of compiled grammars that is fetched: one wheel of a Python distribution for each platform.
package struct GrammarBundle: Hashable, Sendable {
    package struct Wheel: Hashable, Sendable {
        /// The last part of the file's name, which says where it runs.
        package let tag: String
        /// Libraries become part of this process: no other contents will do, whoever offers them.
        package let hash: ContentHash
        package let byteCount: Int

        package init(tag: String, hash: ContentHash, byteCount: Int) {
            self.tag = tag
            self.hash = hash
            self.byteCount = byteCount
        }
    }

    package let distribution: String
    package let version: String
    package let wheels: [GrammarPlatform: Wheel]
    /// What it takes unpacked, about.
    package let installedByteCount: Int

    package init(
        distribution: String, version: String, wheels: [GrammarPlatform: Wheel], installedByteCount: Int
    ) {
        self.distribution = distribution
        self.version = version
        self.wheels = wheels
        self.installedByteCount = installedByteCount
    }

    /// The one that this build was tested with.
    package static let current = GrammarBundle(
        distribution: "semble-grammars", version: "0.1.2",
        wheels: [
            GrammarPlatform(name: "linux-x86_64"): Wheel(
                tag: "manylinux2014_x86_64", digest: "c040595ca4e117969a349807dce05c1a51dbb368e80de80b005539fd86ef9c07",
                byteCount: 6_906_388),
            GrammarPlatform(name: "linux-arm64"): Wheel(
                tag: "manylinux2014_aarch64",
                digest: "f24f63a04e569f2de28aaf39166c8dddd8e296aa0390ac816df6ad1bd814e3bf", byteCount: 6_868_770),
            GrammarPlatform(name: "macos-arm64"): Wheel(
                tag: "macosx_11_0_arm64", digest: "772e7011ce5e2ff5d9347a2f027a447c713d3f0d62983dd38457f04aa2215c6c",
                byteCount: 7_258_590),
            GrammarPlatform(name: "macos-x86_64"): Wheel(
                tag: "macosx_10_13_x86_64",
                digest: "52fe698f1d2489e6ad3e6462c9322e77796769b203f74a294f801e5a8bd10f19", byteCount: 6_690_645),
        ],
        installedByteCount: 80 << 20)

    /// For people: `semble-grammars 0.1.2`.
    package var title: String { "\(distribution) \(version)" }

    /// What the wheel for a platform is called.
    package func fileName(for wheel: Wheel) -> String {
        "\(String(distribution.map { $0 == "-" ? "_" : $0 }))-\(version)-py3-none-\(wheel.tag).whl"
    }
}

extension GrammarBundle.Wheel {
    /// - digest: 64 hexadecimal digits.
    fileprivate init(tag: String, digest: String, byteCount: Int) {
        self.init(tag: tag, hash: ContentHash(hexadecimal: digest)!, byteCount: byteCount)
    }
}
