import Foundation

/// What `martlet index --bench` measures.
struct GraphBenchReport: Encodable {
    struct Extraction: Encodable {
        var language: String
        var lines: Int
        var seconds: Double

        var linesPerSecond: Double { seconds > 0 ? Double(lines) / seconds : 0 }
    }

    var files = 0
    /// Of files in known languages.
    var lines = 0
    /// Seconds to index all from nothing.
    var index = 0.0
    var databaseBytes = 0
    /// Of the process, after indexing.
    var peakMemoryBytes = 0
    /// Parsing and extracting on one core, from memory.
    var extraction: [Extraction] = []
    var symbol = Latencies()
    var callers = Latencies()
    var search = Latencies()
    /// Of a map of 4,000 tokens.
    var map = Latencies()
    /// From a file's being written to an answer that knows of it.
    var edit = Latencies()

    var text: String {
        var table = Table(.left, .right, .right)
        table.add(
            "indexing from nothing", "\(format(index, places: 1)) s",
            "\(grouped(Int(Double(lines) / max(index, 1e-9)))) lines/s")
        for item in extraction {
            table.add("parsing \(item.language), one core", "", "\(grouped(Int(item.linesPerSecond))) lines/s")
        }
        let questions = [
            ("symbol", symbol), ("callers", callers), ("search", search), ("map of 4,000 tokens", map),
            ("edit to answer", edit),
        ]
        for (name, latencies) in questions {
            table.add(
                name, "\(format(latencies.median, places: 1)) ms",
                "\(format(latencies.p95, places: 1)) ms at the 95th percentile")
        }
        let megabytes = { (bytes: Int) in "\(bytes / 1_000_000) MB" }
        return table.text
            + "\(grouped(files)) files, \(grouped(lines)) lines with code; index \(megabytes(databaseBytes)), "
            + "memory \(megabytes(peakMemoryBytes))\n"
    }
}

/// How long answers took, in milliseconds.
struct Latencies: Encodable {
    var count = 0
    var median = 0.0
    var p95 = 0.0
    var most = 0.0

    init() {}

    init(milliseconds: [Double]) {
        let sorted = milliseconds.sorted()
        count = sorted.count
        guard let last = sorted.last else { return }
        median = sorted[count / 2]
        // The smallest that at least 95 % are not above.
        p95 = sorted[(count * 95 + 99) / 100 - 1]
        most = last
    }

    /// Times one call for each item.
    init<Item>(_ items: [Item], _ body: (Item) throws -> Void) rethrows {
        try self.init(
            milliseconds: items.map { item in
                let start = ContinuousClock.now
                try body(item)
                return (ContinuousClock.now - start) / .milliseconds(1)
            })
    }
}
