/// What a scan did not take, and why.
package struct LeftOut: Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// By the rules of git. An ignored folder counts once, whatever it holds.
        case ignored
        /// Never followed: what it points to is found where it is, or lies outside.
        case symbolicLink
        /// A pipe, socket or device.
        case special
        /// A file or folder that this user may not read.
        case unreadable
        /// Its name is no UTF-8. The path has replacement characters.
        case notUTF8
        /// A folder further down than ``RepositoryScan/maximumDepth``.
        case tooDeep
        /// It was listed, and gone when it was looked at.
        case vanished
    }

    /// How many paths are kept for each reason.
    package static let exampleLimit = 8

    private var counts: [Reason: Int] = [:]
    private var examples: [Reason: [String]] = [:]

    package init() {}

    /// Files and folders left out for that reason.
    package func count(_ reason: Reason) -> Int { counts[reason, default: 0] }

    /// The first few in the order of the walk; folders end in a slash.
    package func firstPaths(_ reason: Reason) -> [String] { examples[reason, default: []] }

    mutating func add(_ reason: Reason, path: some Collection<UInt8>, isFolder: Bool) {
        counts[reason, default: 0] += 1
        guard examples[reason, default: []].count < Self.exampleLimit else { return }
        examples[reason, default: []].append(String(decoding: path, as: UTF8.self) + (isFolder ? "/" : ""))
    }
}
