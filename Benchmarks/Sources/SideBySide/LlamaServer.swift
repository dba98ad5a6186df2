import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A llama-server on a local port: the one llama.cpp program that tells the ids it generated.
final class LlamaServer {
    private let process: ServerProcess
    private let address: URL

    /// Starts the server and waits until the model is loaded.
    init(_ llama: LlamaCpp) throws {
        process = try ServerProcess(
            llama.folder + "/llama-server",
            ["-m", llama.model, "-t", "\(llama.threads)", "-c", "2048", "-np", "1", "--no-ui"])
        address = URL(string: "http://127.0.0.1:\(process.port)")!
    }

    /// Greedy continuation of a raw prompt, without reuse of earlier prompts.
    func complete(_ prompt: String, tokens: Int) async throws -> (text: String, ids: [Int]) {
        struct Body: Encodable {
            var prompt: String
            var n_predict: Int
            var temperature = 0.0
            var cache_prompt = false
            var return_tokens = true
        }
        struct Answer: Decodable {
            var content: String
            var tokens: [Int]
        }
        let answer: Answer = try await post("completion", Body(prompt: prompt, n_predict: tokens))
        return (answer.content, answer.tokens)
    }

    func tokenize(_ text: String) async throws -> [Int] {
        struct Body: Encodable {
            var content: String
            var add_special = true
        }
        struct Answer: Decodable { var tokens: [Int] }
        let answer: Answer = try await post("tokenize", Body(content: text))
        return answer.tokens
    }

    func detokenize(_ ids: [Int]) async throws -> String {
        struct Body: Encodable { var tokens: [Int] }
        struct Answer: Decodable { var content: String }
        let answer: Answer = try await post("detokenize", Body(tokens: ids))
        return answer.content
    }

    private func post<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        var request = URLRequest(url: address.appending(path: path), timeoutInterval: 600)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONEncoder().encode(body)
        let (data, _) = try await URLSession.shared.data(for: request)
        do { return try JSONDecoder().decode(Answer.self, from: data) } catch {
            throw CommandError.unreadable(
                program: "llama-server", wanted: "answer to /\(path)", got: String(decoding: data, as: UTF8.self))
        }
    }
}
