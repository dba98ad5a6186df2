/// What connects to a language server, and the time that passes meanwhile. One thread at a time.
package protocol ServerChannel: AnyObject {
    /// Since some moment.
    var now: Duration { get }
    /// The last lines of what the server said to people.
    var lastWords: [String] { get }
    /// Hands bytes over; they are on their way as soon as somebody receives.
    func send(_ bytes: [UInt8])
    /// What the server has said; nothing when `deadline` came first.
    func receive(until deadline: Duration) throws(ServerFailure) -> [UInt8]
    /// Ends the server and all that it has started, whatever they do.
    func kill()
}
