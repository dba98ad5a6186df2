import Foundation
import ModelFiles

/// The models that `make test` pulls.
package enum TestModel {
    package static let qwen = "qwen2.5-coder:1.5b"
    package static let smollm2 = "smollm2:135m"
    package static let gemma = "gemma3:270m"
    package static let miniLM = "all-minilm:l6"
    package static let wordLlama = "wordllama:256"

    /// The file of a model in the user's store, or in that of `MARTLET_MODELS`. An error says what pulls it.
    package static func path(of name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        return try ModelStore(environment: environment).resolve(name).path
    }
}
