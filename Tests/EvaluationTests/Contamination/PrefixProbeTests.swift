#if os(Linux)
    import Chat
    import Evaluation
    import Foundation
    import Statistics
    import Testing

    /// Knows some texts by heart, and says the same of all others.
    private final class Parrot: TextModel {
        let contextLength = 4096
        private let texts: [String]

        init(_ texts: [String]) { self.texts = texts }

        private func answer(_ prompt: String) -> AsyncThrowingStream<ChatEvent, any Error> {
            let text = texts.first { $0.hasPrefix(prompt) }.map { String($0.dropFirst(prompt.count)) }
            return AsyncThrowingStream { continuation in
                continuation.yield(.text(text ?? " and so on and on"))
                continuation.finish()
            }
        }

        func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
            answer(prompt.text ?? "")
        }

        func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
            answer("a text model is not to be asked so")
        }
    }

    /// The same, and only in conversations.
    private struct ChattingParrot: ChatModel {
        var parrot: Parrot

        func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
            let text = messages.last?.content.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
            return parrot.complete(TextPrompt(text ?? ""), options: options)
        }
    }

    @Suite("What a model makes of the beginning of a text")
    struct PrefixProbeTests {
        @Test("is compared token by token")
        func scores() {
            let same = PrefixScore(id: "a", continuation: "x = Y +\n 1", rest: "X=y+1")
            #expect(same.tokens == 5 && same.longestRun == 5 && same.exactTokens == 5 && same.reproduced == 1)
            #expect(same.isExact(next: 20))
            let text = (0..<12).map { "w\($0)" }.joined(separator: " ")
            // Runs of ten from 0, 1 and 2; the last is not there.
            let cut = PrefixScore(id: "a", continuation: text.replacing("w11", with: "other"), rest: text)
            #expect(cut.longestRun == 11 && cut.exactTokens == 11 && abs(cut.reproduced - 2.0 / 3) < 1e-12)
            #expect(cut.isExact(next: 11) && !cut.isExact(next: 12))
            let late = PrefixScore(id: "a", continuation: "so: " + text, rest: text)
            #expect(late.longestRun == 12 && late.exactTokens == 0 && late.reproduced == 1)
            let none = PrefixScore(id: "a", continuation: "", rest: text)
            #expect(none.longestRun == 0 && none.reproduced == 0 && !none.isExact(next: 1))
        }

        @Test("is asked for behind half of the tokens, where a line ends")
        func splits() {
            let split = TextSplit("a b c\nd e f g h i", share: 0.5)
            #expect(split?.beginning == "a b c" && split?.rest == "\nd e f g h i")
            let line = TextSplit("a b c d e f g h", share: 0.5)
            #expect(line?.beginning == "a b c d" && line?.rest == " e f g h")
            #expect(TextSplit("a", share: 0.5) == nil && TextSplit("", share: 0.5) == nil)
            #expect(TextSplit("a b", share: 1)?.rest == " b" && TextSplit("a b", share: 0)?.beginning == "a")
        }

        private func texts(_ kind: String) -> [ContaminationItem] {
            (0..<20).map { number in
                let words = (0..<60).map { "\(kind)\(number * 100 + $0)" }
                return ContaminationItem(id: "\(kind)\(number)", text: words.joined(separator: " "), kind: .text)
            }
        }

        @Test("tells what it has read from what it has not", arguments: [true, false])
        func comparison(isTextModel: Bool) async throws {
            let (known, unknown) = (texts("known"), texts("new"))
            let parrot = Parrot(known.prefix(15).map(\.text))
            let probe = PrefixProbe(isTextModel ? parrot : ChattingParrot(parrot: parrot))
            let suspects = try await probe.scores(of: known)
            let controls = try await probe.scores(of: unknown)
            let comparison = try #require(PrefixComparison(suspects: suspects, controls: controls))
            #expect(comparison.reproduced.suspects == 0.75 && comparison.reproduced.controls == 0)
            #expect(comparison.exact.difference.value == 0.75 && comparison.isSuspicious)
            let interval = comparison.reproduced.difference.interval
            // Of 15 of 20: within 1.96 of its standard errors of 0.097, about.
            #expect(interval.low > 0.5 && interval.low < 0.6 && interval.high > 0.89 && interval.high < 0.96)
            let same = try #require(PrefixComparison(suspects: controls, controls: controls))
            #expect(same.reproduced.difference.value == 0 && !same.isSuspicious)
            #expect(PrefixComparison(suspects: [], controls: controls) == nil)
        }
    }
#endif
