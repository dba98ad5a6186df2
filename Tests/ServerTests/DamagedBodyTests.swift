import JSON
import Server
import TestSupport
import Testing

@Suite("Damaged bodies", .serialized)
struct DamagedBodyTests {
    private static let bodies = [
        ("/v1/chat/completions", #"{"messages": [{"role": "user", "content": "Hi"}], "tools": [], "stop": ["a"]}"#),
        ("/v1/completions", #"{"prompt": "a", "suffix": "b", "max_tokens": 3}"#),
        ("/v1/completions", #"{"prompt": [[97, "b"], "c"], "n": 2, "echo": true, "max_tokens": 3}"#),
        (
            "/v1/chat/completions",
            #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "prefix": true}], "n": 3}"#
        ),
        ("/completion", #"{"prompt": [[97, 98], "a", [99, "b"]], "n_predict": 3}"#),
        ("/v1/responses", #"{"input": [{"role": "user", "content": "Hi"}], "previous_response_id": null}"#),
        ("/v1/messages?beta=true", #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}"#),
        ("/v1/messages/count_tokens", #"{"messages": [{"role": "user", "content": "Hi"}], "system": "a"}"#),
        ("/completion", #"{"prompt": "a", "n_predict": 3, "logit_bias": [[1, 2]]}"#),
        ("/infill", #"{"input_prefix": "a", "input_suffix": "b", "input_extra": [{"text": "c"}]}"#),
        ("/tokenize", #"{"content": "a", "with_pieces": true}"#), ("/detokenize", #"{"tokens": [97, 98]}"#),
        ("/apply-template", #"{"messages": [{"role": "user", "content": "Hi"}]}"#),
        ("/api/chat", #"{"model": "test:1", "messages": [{"role": "user", "content": "Hi"}], "stream": false}"#),
        ("/api/generate", #"{"model": "test:1", "prompt": "a", "system": "b", "options": {"top_k": 3}}"#),
        ("/api/show", #"{"model": "test:1"}"#), ("/api/pull", #"{"model": "test:1", "stream": false}"#),
    ]

    @Test("get an answer or an error that is the client's own, on every route", arguments: bodies)
    func damaged(path: String, body: String) async throws {
        var random = SplitMix64(seed: 41)
        try await RunningServer.with(.hello) { server in
            for round in 0..<60 {
                var bytes = Array(body.utf8)
                for _ in 0..<(round == 0 ? 0 : 1 + random.below(4)) {
                    let place = random.below(bytes.count)
                    switch random.below(3) {
                    case 0: bytes[place] = UInt8(random.below(256))
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(bytes[random.below(bytes.count)], at: place)
                    }
                }
                let answer = try await RawClient.with(server.port) { client in
                    try await client.send(
                        "POST \(path) HTTP/1.1\r\nconnection: close\r\ncontent-length: \(bytes.count)\r\n\r\n")
                    try await client.send(bytes)
                    return try await client.readToEnd()
                }
                let status = answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                // 501: a pull that this server does not do.
                #expect(round == 0 ? status == 200 : [200, 400, 404, 501].contains(status), "\(answer)")
            }
        }
    }
}
