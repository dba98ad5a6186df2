/// Takes an event stream apart as its bytes come.
/// - SeeAlso: WHATWG HTML, section 9.2, server-sent events.
struct EventStreamReader {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var endsAtCarriageReturn = false

    /// - Returns: the data of the events that these bytes complete. Their names are not kept: both dialects repeat them in
    ///   the data.
    mutating func read(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            let isSecondHalf = endsAtCarriageReturn && byte == UInt8(ascii: "\n")
            endsAtCarriageReturn = byte == UInt8(ascii: "\r")
            if isSecondHalf { continue }
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                line.append(byte)
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    /// The length of what waits for more bytes.
    var pendingCount: Int { line.count + data.count }

    private mutating func endLine() -> [UInt8]? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            defer { (data, hasData) = ([], false) }
            return hasData ? data : nil
        }
        let name = Array("data".utf8)
        guard line.starts(with: name) else { return nil }
        var value = line.dropFirst(name.count)
        guard value.isEmpty || value.first == UInt8(ascii: ":") else { return nil }
        value = value.dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if hasData { data.append(UInt8(ascii: "\n")) }
        data += value
        hasData = true
        return nil
    }
}
