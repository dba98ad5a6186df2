import ArgumentParser
import Architectures
import Generation
import Tensors

struct Try: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)
    @Argument var model: String
    @Option var ids: String = "1,2,3"
    @Option var n = 16
    @Option var p = 512
    @Option var kv = "f16"
    @Option var t = 2
    @Option var depth = 0
    @Flag var show = false
    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let m = try LanguageModel(path: model)
        var o = SessionOptions()
        o.threads = t
        o.kv = KVType(rawValue: kv)!
        o.context = depth + p + n + 64
        o.level = try KernelLevel.named(nil)
        let s = try Session(m, o)
        print("load", clock.now - start)
        if show {
            try s.evaluate(ids.split(separator: ",").map { Int32($0)! })
            var out: [Int32] = []
            for _ in 0..<n {
                let best = s.withLogits { l in l.indices.max { l[$0] < l[$1] }! }
                out.append(Int32(best))
                try s.evaluate([Int32(best)])
            }
            print(out)
            return
        }
        let prompt = (0..<p).map { Int32(1000 + $0 * 7 % 5000) }
        if depth > 0 {
            var t0 = clock.now
            try s.evaluate((0..<depth).map { Int32(1000 + $0 * 13 % 5000) })
            print("depth prefill", Double(depth) / ((clock.now - t0) / .seconds(1)))
        }
        for _ in 0..<3 {
            s.truncate(to: depth)
            var t0 = clock.now
            try s.evaluate(prompt)
            print("prefill", Double(p) / ((clock.now - t0) / .seconds(1)))
            s.truncate(to: depth)
            t0 = clock.now
            for i in 0..<n { try s.evaluate([prompt[i % p]]) }
            print("decode", Double(n) / ((clock.now - t0) / .seconds(1)))
        }
    }
}
