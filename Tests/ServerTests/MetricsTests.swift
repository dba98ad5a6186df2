import Chat
import Foundation
import JSON
import Server
import TestSupport
import Testing

@Suite("Metrics")
struct MetricsTests {
    private let chat = "/v1/chat/completions"
    private func question(_ text: String, streams: Bool = false) -> String {
        #"{"messages": [{"role": "user", "content": "\#(text)"}], "stream": \#(streams)}"#
    }

    @Test("counts requests, tokens and times, in a form that Prometheus reads")
    func counts() async throws {
        let answer = try await RunningServer.with(PageModel()) { server in
            for streams in [false, true] {
                try await RawClient.with(server.port) { client in
                    try await client.send(
                        "POST", chat, question("say abcdefghi", streams: streams), headers: ["connection: close"])
                    _ = try await client.readToEnd()
                }
            }
            _ = try await server.request("POST", chat, question("fail x"))
            _ = try await server.log.records(3)
            return try await server.request("GET", "/metrics")
        }
        #expect(answer.status == 200)
        #expect(answer.head.lowercased().contains("content-type: text/plain; version=0.0.4"))
        let metrics = try ExpositionReader(answer.text)
        #expect(metrics.value("martlet_http_requests_total", ["route": chat, "status": "200"]) == 2)
        #expect(metrics.value("martlet_http_requests_total", ["route": chat, "status": "400"]) == 1)
        // Two answers of three pieces.
        #expect(metrics.value("martlet_answer_tokens_total") == 6)
        #expect(metrics.value("martlet_prompt_tokens_total") == 16)
        #expect(metrics.value("martlet_prompt_tokens_reused_total") == 4)
        #expect(metrics.value("martlet_time_to_first_token_seconds_count") == 2)
        #expect(metrics.value("martlet_inter_token_seconds_count") == 4)
        #expect(metrics.value("martlet_queue_seconds_count") == 2)
        #expect(metrics.value("martlet_http_request_seconds_count") == 3)
        #expect(metrics.value("martlet_engine_slots_busy", ["model": "test:1"]) == 1)
        #expect(metrics.value("martlet_cache_hits_total", ["model": "test:1"]) == 3)
        #expect(metrics.value("martlet_http_requests_running") == 1)
        #expect(metrics.value("process_cpu_seconds_total") ?? 0 > 0)
        #if os(Linux)
            #expect(metrics.value("process_resident_memory_bytes") ?? 0 > 1e6)
        #endif
    }

    @Test("a client that leaves counts as such")
    func abandoned() async throws {
        try await RunningServer.with(PageModel()) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question("slowly a", streams: true))
                _ = try await client.read(until: #""content":"a""#)
            }
            while try await ExpositionReader(server.request("GET", "/metrics").text)
                .value("martlet_http_abandoned_total") != 1
            {}
        }
    }

    @Test("metrics and status need the key")
    func key() async throws {
        try await RunningServer.with(PageModel(), { $0.keys.add("secret") }) { server in
            for path in ["/metrics", "/v1/status"] {
                let refused = try await server.request("GET", path)
                let opened = try await server.request("GET", path, headers: ["x-api-key: secret"])
                #expect(refused.status == 401 && opened.status == 200)
            }
        }
    }

    @Test("the status tells what models do, also those that do not tell")
    func status() async throws {
        let told = try await RunningServer.with(PageModel()) { try await $0.request("GET", "/v1/status").json }
        let model = try #require(told["models"]?.array?.first?.object)
        #expect(model["waiting"]?.integer == 3 && model["context"]?.integer == 4096)
        let slot = try #require(model["slots"]?.array?.first?.object)
        #expect(slot["state"]?.string == "generating" && slot["held_tokens"]?.integer == 1024)
        #expect(model["cache"]?.object?["reused_tokens"]?.integer == 777)
        let silent = try await RunningServer.with(.hello) { try await $0.request("GET", "/v1/status").json }
        #expect(silent["models"]?.array?.first?.object?["slots"]?.array?.isEmpty == true)
    }

    @Test("names and texts are escaped, and numbers written so that they can be read back")
    func text() throws {
        var histogram = Histogram(bounds: [0.1, 1])
        for value in [0.1, 0.5, 0.25, 3] { histogram.observe(value) }
        var out = PrometheusText()
        out.begin("a_total", .counter, "back\\slash\nline")
        out.sample("a_total", [("name", "quote\" back\\ line\n")], 12_345_678)
        out.add("b_seconds", "b", histogram)
        #expect(
            out.text == #"""
                # HELP a_total back\\slash\nline
                # TYPE a_total counter
                a_total{name="quote\" back\\ line\n"} 12345678
                # HELP b_seconds b
                # TYPE b_seconds histogram
                b_seconds_bucket{le="0.1"} 1
                b_seconds_bucket{le="1"} 3
                b_seconds_bucket{le="+Inf"} 4
                b_seconds_sum 3.85
                b_seconds_count 4

                """#)
        let read = try ExpositionReader(out.text)
        #expect(read.value("a_total", ["name": "quote\" back\\ line\n"]) == 12_345_678)
    }

    @Test("the dashboard for Grafana shows these metrics, and no others")
    func dashboard() async throws {
        let path = Repository.root + "/Docs/grafana-dashboard.json"
        let dashboard = try #require(
            try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path)))).object)
        let panels = try #require(dashboard["panels"]?.array).compactMap(\.object)
        #expect(dashboard["title"]?.string == "Martlet" && panels.count > 10)
        #expect(Set(panels.compactMap { $0["id"]?.integer }).count == panels.count)
        var shown: Set<String> = []
        for panel in panels {
            let targets = try #require(panel["targets"]?.array).compactMap(\.object)
            #expect(!targets.isEmpty)
            for target in targets {
                let query = try #require(target["expr"]?.string)
                for name in query.matches(of: /(?:martlet|process)_[a-z_]+/) {
                    shown.insert(String(name.0).replacing(/_bucket$/, with: ""))
                }
            }
        }
        let text = try await RunningServer.with(PageModel()) { try await $0.request("GET", "/metrics").text }
        let there = Set(try ExpositionReader(text).kinds.keys)
        #expect(shown.subtracting(there) == [])
        #expect(there.subtracting(shown) == ["process_start_time_seconds"])
    }
}

/// Reads Prometheus' text format, strictly: every sample belongs to a metric that was declared before it, names and
/// labels are well formed, no sample comes twice, and the buckets of histograms grow and end with all.
struct ExpositionReader {
    struct Malformed: Error { var line: String }
    struct Sample: Hashable {
        var name: String
        var labels: [String: String]
    }
    private(set) var kinds: [String: String] = [:]
    private(set) var samples: [Sample: Double] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "no end of line at the end") }
        var current = ""
        var bucket = 0.0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let line = String(line)
            if let help = line.wholeMatch(of: /# HELP ([a-z_]+) .+/) {
                current = String(help.1)
            } else if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                guard type.1 == current, kinds.updateValue(String(type.2), forKey: current) == nil else {
                    throw Malformed(line: line)
                }
                bucket = 0
            } else {
                let (sample, value) = try Self.sample(line)
                guard let kind = kinds[current], samples.updateValue(value, forKey: sample) == nil else {
                    throw Malformed(line: line)
                }
                if kind == "histogram" {
                    guard ["_bucket", "_sum", "_count"].contains(where: { sample.name == current + $0 }) else {
                        throw Malformed(line: line)
                    }
                    let isBucket = sample.name.hasSuffix("_bucket")
                    let isCount = sample.name.hasSuffix("_count")
                    guard !isBucket || value >= bucket, !isCount || value == bucket else { throw Malformed(line: line) }
                    if isBucket { bucket = value }
                } else {
                    guard sample.name == current, kind != "counter" || sample.name.hasSuffix("_total") else {
                        throw Malformed(line: line)
                    }
                }
            }
        }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples[Sample(name: name, labels: labels)]
    }

    private static func sample(_ line: String) throws -> (Sample, Double) {
        guard let match = line.wholeMatch(of: /([a-z_]+)(?:\{(.*)\})? ([-+0-9.eInf]+)/),
            let value = match.3 == "+Inf" ? .infinity : Double(match.3)
        else { throw Malformed(line: line) }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let pair = rest.prefixMatch(of: /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/) else {
                throw Malformed(line: line)
            }
            let value = pair.2.replacing(/\\(.)/) { $0.1 == "n" ? "\n" : String($0.1) }
            labels[String(pair.1)] = String(value)
            rest = rest[pair.range.upperBound...]
        }
        return (Sample(name: String(match.1), labels: labels), value)
    }
}
