import Foundation
import Testing

import SideBySide

@Suite struct OutputTests {
    @Test("llama-bench's samples become medians by test") func llamaBench() throws {
        let json = """
            [{"n_prompt": 512, "n_gen": 0, "samples_ts": [10, 30, 20], "avg_ts": 1},
             {"n_prompt": 0, "n_gen": 64, "samples_ts": [5]}]
            """
        #expect(try LlamaCpp.speeds(fromBench: Data(json.utf8)) == ["prefill tokens/s": 20, "decode tokens/s": 5])
        #expect(throws: CommandError.self) { try LlamaCpp.speeds(fromBench: Data("error".utf8)) }
    }

    @Test("martlet's bench may lack one of its tests") func martletBench() throws {
        let json = """
            {"model": "m", "threads": 2, "prompt_tokens_per_second": null,
             "generation_tokens_per_second": {"median": 44.5, "min": 44, "max": 45}, "load_seconds": 0.1}
            """
        #expect(try Martlet.speeds(fromBench: Data(json.utf8)) == ["decode tokens/s": 44.5])
    }

    @Test("the perplexity stands in llama-perplexity's last line") func perplexity() {
        #expect(LlamaCpp.perplexity(in: "[4]5.4826,\n0.26 I Final estimate: PPL = 5.4826 +/- 0.39868\n") == 5.4826)
        #expect(LlamaCpp.perplexity(in: "error") == nil)
    }

    @Test("a command reports its output, its peak memory and its failure") func command() throws {
        let outcome = try Command("/bin/sh", ["-c", "echo one; sleep 0.1; echo two"]).run()
        #expect(outcome.text == "one\ntwo\n")
        #expect(outcome.seconds >= 0.1)
        #expect(try #require(outcome.firstByteSeconds) < outcome.seconds)
        #expect(outcome.peakResidentBytes > 100_000)
        let failure = #expect(throws: CommandError.self) {
            try Command("/bin/sh", ["-c", "echo why >&2; exit 3"]).run()
        }
        #expect("\(try #require(failure))" == "/bin/sh -c echo why >&2; exit 3 ended with status 3: why")
    }

    @Test("a command finds no signal blocked, whichever thread starts it") func signalMask() async throws {
        // On a pool thread the caller's own mask blocks SIGTERM; `kill -TERM $$` would then do nothing.
        let failure = await Task.detached {
            #expect(throws: CommandError.self) { try Command("/bin/sh", ["-c", "kill -TERM $$; exit 0"]).run() }
        }.value
        #expect("\(try #require(failure))".contains("status 143"))
    }

    @Test("a command past its limit is killed") func limit() {
        let start = ContinuousClock.now
        #expect(throws: CommandError.self) { try Command("/bin/sleep", ["30"], timeoutSeconds: 0.2).run() }
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("a difference is a near-tie when our logits hardly tell the two tokens apart") func difference() throws {
        let tie = try #require(GreedyResult.Difference(position: 7, logits: [1, 9, 8.75, 3], peerID: 2))
        #expect((tie.firstID, tie.secondID) == (1, 2))
        #expect(tie.margin == 0.25)
        #expect(tie.isNearTie)
        let wrong = try #require(GreedyResult.Difference(position: 0, logits: [1, 9, 8.75, 3], peerID: 3))
        #expect(!wrong.isNearTie)
        #expect(GreedyResult.Difference(position: 0, logits: [1], peerID: 0) == nil)
    }
}
