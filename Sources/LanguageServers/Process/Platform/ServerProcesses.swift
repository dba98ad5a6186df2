/// The processes of a session: a server, and all that it has started and that has not left.
protocol ServerProcesses: Sendable {
    /// Bytes that they have resident together; pages that several share count for each.
    var residentBytes: Int { get }
    func kill()
}
