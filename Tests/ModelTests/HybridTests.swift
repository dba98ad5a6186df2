import Architectures
import Foundation
import Generation
import Tensors
import TestSupport
import Testing

@Suite("Recurrent layers go back")
struct HybridTests {
    private static let names = ["qwen3next", "qwen3next-merged", "qwen35", "qwen35moe"]

    @Test("a few tokens back have the same bits again", arguments: names)
    func journal(_ name: String) throws {
        let tiny = try FamilyModel.named(name).load()
        let session = try tiny.session(threads: 2, kv: .f32)
        try session.evaluate(tiny.prompt)
        // Short batches of several tokens among single ones, past the end of a journal.
        let ids = tiny.decode + tiny.decode.reversed() + tiny.decode
        var rows: [Int: [Float]] = [:]
        for size in [1, 1, 5, 1, 9, 16, 1, 3, 1, 1] {
            let from = session.position - 64
            try session.evaluate(Array(ids[from..<from + size]))
            rows[session.position] = session.logits
        }
        for (back, size) in [(3, 3), (2, 1), (6, 1), (1, 1)] {
            let position = session.position
            session.truncate(to: position - back)
            #expect(session.position == position - back)
            let from = position - back - 64
            try session.evaluate(Array(ids[from..<from + size]), batches: [1])
            if let expected = rows[session.position] { #expect(session.logits == expected, "back by \(back)") }
        }
    }

    @Test("any position can be gone back to", arguments: names)
    func anywhere(_ name: String) throws {
        let family = try FamilyModel.named(name)
        let tiny = try family.load()
        let session = try tiny.session(threads: 2, kv: .f32)
        let ids = tiny.prompt + tiny.decode
        for (evaluated, target) in [
            ([30, 20, 1, 1, 1], 51), ([20, 5], 70), ([], 40), ([20], 3), ([40, 20], 60), ([], 0),
        ] {
            for size in evaluated {
                let count = min(size, ids.count - session.position)
                try session.evaluate(Array(ids[session.position..<session.position + count]))
            }
            session.truncate(to: min(target, session.position))
            let next = session.position
            try session.evaluate([ids[next]])
            let fresh = try tiny.session(threads: 2, kv: .f32)
            try fresh.evaluate(Array(ids[...next]))
            #expect(worstError(session.logits, fresh.logits) < 1e-4, "back to \(target)")
        }
    }

    @Test("a cancelled pass leaves the session as it was", arguments: names)
    func cancellation(_ name: String) throws {
        let tiny = try FamilyModel.named(name).load()
        for (long, asked) in [(true, 1), (true, 2), (true, 3), (false, 1), (false, 2), (false, 3)] {
            let session = try tiny.session(threads: 2, kv: .f32)
            try session.evaluate(Array(tiny.prompt.prefix(40)))
            for id in tiny.decode.prefix(3) { try session.evaluate([id]) }
            var calls = 0
            let wrong = long ? Array(tiny.prompt.reversed().prefix(30)) : [tiny.decode[9]]
            #expect(throws: SessionError.cancelled) {
                try session.evaluate(wrong) { _ in
                    calls += 1
                    return calls < asked
                }
            }
            #expect(session.position == 43)
            try session.evaluate([tiny.decode[3]])
            let fresh = try tiny.session(threads: 2, kv: .f32)
            try fresh.evaluate(Array(tiny.prompt.prefix(40)))
            for id in tiny.decode.prefix(4) { try fresh.evaluate([id]) }
            #expect(session.logits == fresh.logits, "\(long ? "30 tokens" : "1 token") stopped at layer \(asked)")
        }
    }
}

@Suite("Checkpoint schedule")
struct CheckpointScheduleTests {
    @Test("few checkpoints reach far back, dense near the end")
    func spacing() {
        var schedule = CheckpointSchedule(capacity: 6)
        for position in stride(from: 32, through: 32 * 4096, by: 32) {
            let before = schedule.positions
            let dropped = schedule.insert(position)
            #expect((dropped == nil) == (before.count < 6))
            #expect(schedule.positions.last == position && schedule.positions.count <= 6)
        }
        let distances = schedule.positions.map { 32 * 4096 - $0 }.reversed()
        // Going back costs at most a few times the distance, over three orders of magnitude.
        for (near, far) in zip(distances.dropFirst(), distances.dropFirst(2)) { #expect(far < 12 * near) }
        #expect(distances.last! > 4096)
    }

    @Test("positions behind the target are forgotten")
    func forgetting() {
        var schedule = CheckpointSchedule(capacity: 3)
        for position in [10, 20, 30] { #expect(schedule.insert(position) == nil) }
        schedule.removeBehind(20)
        #expect(schedule.positions == [10, 20])
    }
}
