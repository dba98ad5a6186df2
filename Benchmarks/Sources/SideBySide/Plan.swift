/// What one comparison measures, with all sizes resolved.
package struct Plan: Sendable {
    /// The selectable groups of rows, in the order they run.
    package enum Group: String, CaseIterable, Codable, Sendable {
        case speed, contended, decode8k, prefill8k, serve, prefixes, start, memory, perplexity, greedy, speculation

        /// One line for the usage text.
        package var summary: String {
            switch self {
            case .speed: "prefill of 512 tokens and decode of 64, each against llama.cpp's best setting"
            case .contended: "the same, shorter, while another process keeps one core busy"
            case .decode8k: "decode after 8,192 tokens of context, f16 and q8_0 KV"
            case .prefill8k: "prefill of 8,192 tokens, f16 and q8_0 KV; llama.cpp's q8_0 stops after 10 minutes"
            case .serve: "answers of a server to one, four and eight clients at a time"
            case .prefixes: "first token of conversations whose beginning the server has read, with --depth tokens"
            case .start: "program start to the first token of a short prompt, and martlet --version"
            case .memory: "peak resident memory of a bench run"
            case .perplexity: "perplexity on Benchmarks/Data/python-stdlib.txt"
            case .greedy: "64 greedy tokens on the prompts of Benchmarks/Data/prompts.json"
            case .speculation: "martlet with and without drafts by lookup: an edit of a function, and prose"
            }
        }
    }

    package var groups: [Group] = Group.allCases
    package var model = ""
    /// The martlet binary; nil measures llama.cpp alone.
    package var martlet: String? = ".build/release/martlet"
    /// The folder with llama-bench and the others.
    package var llamaFolder = ".bench/llama.cpp/bin"
    package var dataFolder = "Benchmarks/Data"
    package var runsFolder = "Benchmarks/Runs"
    package var threads = 2
    package var rounds = 5
    /// Rounds of the 8K measurements, which take minutes each.
    package var longRounds = 2
    /// Repetitions inside one run of either engine's bench.
    package var repetitions = 3
    package var promptTokens = 512
    package var generatedTokens = 64
    package var depth = 8192
    /// Tokens of each answer of a server.
    package var answerTokens = 128
    /// Chunks of 512 tokens to score; nil scores the whole text.
    package var perplexityChunks: Int?
    package var greedyPrompts = 20
    package var greedyTokens = 64
    /// Tokens of each prose answer, and at most of the edit.
    package var proseTokens = 256
    package var editTokens = 2048
    /// When llama.cpp's slow path is given up, in seconds.
    package var slowLimitSeconds = 600.0
    /// What martlet must reach, as a multiple of llama.cpp's best setting.
    package var must = Must()

    /// Ratios that depend on the kind of model; these are those of a dense one.
    package struct Must: Sendable, Equatable {
        package var prefill = 1.2
        package var decode = 1.0
        /// Decode behind a long context.
        package var deep = 1.3

        package init() {}
    }

    package init() {}

    /// A few minutes instead of an hour: sizes that show breakage, not speed.
    package mutating func shorten() {
        (rounds, longRounds, repetitions) = (1, 1, 1)
        (promptTokens, generatedTokens, depth, answerTokens) = (128, 16, 1024, 24)
        (perplexityChunks, greedyPrompts, greedyTokens) = (4, 4, 24)
        (proseTokens, editTokens) = (48, 192)
        slowLimitSeconds = 60
    }
}

extension Plan {
    /// What the command line asked for.
    package enum Request: Sendable {
        case compare(Plan)
        case help
        /// Keep one core busy until the parent is gone.
        case spin
    }

    /// Reads arguments without the program's name; `environment` gives MARTLET_LLAMA_CPP.
    package static func parse(_ arguments: [String], environment: [String: String]) throws(PlanError) -> Request {
        var plan = Plan()
        if let folder = environment["MARTLET_LLAMA_CPP"], !folder.isEmpty { plan.llamaFolder = folder }
        var rest = arguments[...]
        // Sizes given by hand win over --quick wherever it stands.
        if rest.contains("--quick") { plan.shorten() }
        while let argument = rest.popFirst() {
            switch argument {
            case "-h", "--help": return .help
            case "--spin": return .spin
            case "--quick": continue
            case "--peer-only": plan.martlet = nil
            case "--model", "-m": plan.model = try value(of: argument, &rest)
            case "--martlet": plan.martlet = try value(of: argument, &rest)
            case "--llama": plan.llamaFolder = try value(of: argument, &rest)
            case "--data": plan.dataFolder = try value(of: argument, &rest)
            case "--out": plan.runsFolder = try value(of: argument, &rest)
            case "--threads", "-t": plan.threads = try count(of: argument, &rest)
            case "--rounds", "-r": plan.rounds = try count(of: argument, &rest)
            case "--long-rounds": plan.longRounds = try count(of: argument, &rest)
            case "--slow-limit": plan.slowLimitSeconds = Double(try count(of: argument, &rest))
            case "--depth": plan.depth = try count(of: argument, &rest)
            case "--must": plan.must = try Must(value(of: argument, &rest))
            case "--only":
                plan.groups = try value(of: argument, &rest).split(separator: ",").map { name throws(PlanError) in
                    guard let group = Group(rawValue: String(name)) else { throw .unknownGroup(String(name)) }
                    return group
                }
            default: throw .unknownArgument(argument)
            }
        }
        guard !plan.model.isEmpty else { throw .noModel }
        return .compare(plan)
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(PlanError) -> String {
        guard let value = rest.popFirst() else { throw .noValue(option) }
        return value
    }

    private static func count(of option: String, _ rest: inout ArraySlice<String>) throws(PlanError) -> Int {
        let text = try value(of: option, &rest)
        guard let number = Int(text), number > 0 else { throw .notACount(option: option, value: text) }
        return number
    }

    package static var usage: String {
        """
        usage: compare --model FILE.gguf [--only GROUP,...] [--quick] [--peer-only] [--rounds N] [--threads N]
                       [--long-rounds N] [--slow-limit SECONDS] [--depth N] [--martlet PATH] [--llama DIR]
                       [--data DIR] [--out DIR] [--must prefill=RATIO,decode=RATIO,deep=RATIO]

        Measures martlet and llama.cpp in turn on this machine and prints a table; raw results go to Benchmarks/Runs.
        --quick shrinks every size, --peer-only measures llama.cpp alone, --depth moves the 8,192 tokens of the long
        groups, --must states what speed and decode8k have to reach. Groups:

        """ + Group.allCases.map { "  " + $0.rawValue.padded(to: 12) + $0.summary + "\n" }.joined()
    }
}

extension Plan.Must {
    /// Reads `prefill=1.4,decode=1.5,deep=1.2`; what is not named keeps its value.
    init(_ text: String) throws(PlanError) {
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let ratio = Double(sides[1]), ratio > 0, ratio.isFinite else {
                throw .notARatio(String(part))
            }
            switch sides[0] {
            case "prefill": prefill = ratio
            case "decode": decode = ratio
            case "deep": deep = ratio
            default: throw .notARatio(String(part))
            }
        }
    }
}

/// A command line that asks for nothing we can do.
package enum PlanError: Error, Equatable, CustomStringConvertible {
    case unknownArgument(String)
    case unknownGroup(String)
    case noValue(String)
    case notACount(option: String, value: String)
    case notARatio(String)
    case noModel

    package var description: String {
        switch self {
        case .unknownArgument(let argument): "compare knows no '\(argument)'. Try: compare --help"
        case .unknownGroup(let name):
            "--only knows no '\(name)'. Choose from: \(Plan.Group.allCases.map(\.rawValue).joined(separator: ", "))"
        case .noValue(let option): "\(option) needs a value."
        case .notACount(let option, let value): "\(option) needs a number above zero, not '\(value)'."
        case .notARatio(let text): "--must knows prefill=1.2, decode=1.0 and deep=1.3, above zero, not '\(text)'."
        case .noModel: "No model to measure. Try: compare --model FILE.gguf"
        }
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
