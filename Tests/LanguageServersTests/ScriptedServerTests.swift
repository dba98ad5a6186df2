import Foundation
import JSON
import LanguageServers
import TestSupport
import Testing

/// Runs of questions to scripted_server.py, a process that does one thing wrong.
@Suite("A language server that")
struct ScriptedServerTests {
    private let folder: TemporaryFolder
    private let texts: [String: [UInt8]]
    private let epoch = ContinuousClock.now
    private let python: String

    init() throws {
        folder = try TemporaryFolder()
        texts = [folder.path + "/a.py": Array("one\ntwo\nthree\nfour\n".utf8)]
        let search = ProgramSearch(environment: ProcessInfo.processInfo.environment)
        python = try #require(search.path(of: "python3"))
    }

    private func entry(_ warmUp: Duration) -> ServerEntry {
        ServerEntry(
            name: "scripted", languages: ["python": "python"], command: ["scripted"],
            settings: ["python": ["analysis": ["mode": "off"]]], warmUp: warmUp, installation: "it is here")
    }

    /// Limits that nothing reaches which ends by itself.
    private func limits(_ change: (inout ServerLimits) -> Void = { _ in }) -> ServerLimits {
        var limits = ServerLimits(run: .seconds(3600), memory: 1 << 40)
        limits.question = .seconds(3600)
        limits.farewell = .seconds(3600)
        change(&limits)
        return limits
    }

    private func start(
        _ mode: String, _ limits: ServerLimits, _ warmUp: Duration, until end: Duration
    ) throws(ServerFailure) -> LanguageServer {
        let script = Repository.root + "/Tests/LanguageServersTests/scripted_server.py"
        let process = try ServerProcess(
            [python, script, mode, folder.path], environment: ProcessInfo.processInfo.environment, folder: folder.path,
            memoryLimit: limits.memory, epoch: epoch)
        return try LanguageServer(
            process, entry: entry(warmUp), root: folder.path, process: Int(ProcessInfo.processInfo.processIdentifier),
            limits: limits, until: end)
    }

    private func ask(
        _ mode: String, _ limits: ServerLimits? = nil, texts: [String: [UInt8]]? = nil,
        warmUp: Duration = .zero
    ) throws -> (answers: [DefinitionAnswer], failures: [ServerFailure]) {
        let file = DefinitionQuestion.File(path: folder.path + "/a.py", language: "python")
        let oracle = oracle(mode, limits ?? self.limits(), warmUp)
        defer { oracle.shutDown() }
        let answers = try oracle.ask(
            [0, 4, 8, 14].map { DefinitionQuestion(file: file, offset: $0) }, text: { (texts ?? self.texts)[$0] })
        return (answers, oracle.failures)
    }

    private func oracle(_ mode: String, _ limits: ServerLimits, _ warmUp: Duration = .zero) -> DefinitionOracle {
        DefinitionOracle(limits: limits, now: ContinuousClock.now - epoch) { (end) throws(ServerFailure) in
            try start(mode, limits, warmUp, until: end)
        }
    }

    private func place(_ line: Int) -> DefinitionAnswer {
        .places(
            [DefinitionPlace(path: folder.path + "/a.py", position: TextPosition(line: line, character: 0))], .utf8)
    }

    private func notes(_ name: String) -> [String] {
        let text = try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    @Test("does all right answers all, is shown each file once, and is seen off politely")
    func allRight() throws {
        let result = try ask("polite")
        #expect(result.answers == [place(1), place(2), place(3), place(4)] && result.failures.isEmpty)
        let heard = notes("heard")
        #expect(heard.prefix(2) == ["initialize", "initialized"])
        #expect(heard.count { $0 == "textDocument/didOpen" } == 1)
        #expect(heard.suffix(2) == ["shutdown", "exit"] && notes("starts").count == 1)
    }

    @Test("is asked about several files keeps those open that questions are open about, and companions")
    func documents() throws {
        let files = ["a", "b", "c"].map { DefinitionQuestion.File(path: "/\($0).py", language: "python") }
        let oracle = oracle("polite", limits { $0.window = 1 })
        let answers = try oracle.ask(
            [files[1], files[1], files[2]].map { DefinitionQuestion(file: $0, offset: 0) }, companions: [files[0]],
            text: { _ in [97, 10] })
        #expect(answers.count == 3)
        // The same server, and the same companion.
        _ = try oracle.ask([DefinitionQuestion(file: files[1], offset: 0)], companions: [files[0]]) { _ in [97, 10] }
        oracle.shutDown()
        #expect(oracle.failures.isEmpty && notes("starts").count == 1)
        #expect(
            notes("heard").dropFirst(3).map { $0.split(separator: "/").last ?? "" } == [
                "didOpen", "documentSymbol", "didOpen", "definition", "definition", "didClose", "didOpen", "definition",
                "didClose", "didOpen", "definition", "didClose", "shutdown", "exit",
            ])
    }

    @Test("lives on hears of changed files, and is shown anew what it is asked about then")
    func nextRun() throws {
        let file = DefinitionQuestion.File(path: folder.path + "/a.py", language: "python")
        let other = DefinitionQuestion.File(path: folder.path + "/b.py", language: "python")
        let oracle = oracle("polite", limits())
        for run in 0..<3 {
            let changes = run == 1 ? [FileChange(path: file.path, kind: .changed)] : []
            if run > 0 { oracle.begin(now: ContinuousClock.now - epoch, after: changes) }
            let answers = try oracle.ask(
                [DefinitionQuestion(file: file, offset: 4)], companions: [other],
                text: { _ in Array("one\ntwo\n".utf8) })
            #expect(answers == [place(2)])
        }
        oracle.shutDown()
        #expect(oracle.failures.isEmpty && notes("starts").count == 1)
        let run = "didOpen documentSymbol didOpen definition didClose"
        let heard = notes("heard").dropFirst(3).map { $0.split(separator: "/").last ?? "" }
        #expect(
            heard.joined(separator: " ")
                == "\(run) didClose didChangeWatchedFiles \(run) didClose \(run) shutdown exit")
    }

    @Test("failed gets another chance in the next run")
    func nextChance() throws {
        let oracle = oracle("crashes", limits())
        let question = DefinitionQuestion(file: .init(path: folder.path + "/a.py", language: "python"), offset: 0)
        for run in 1...2 {
            if run > 1 { oracle.begin(now: ContinuousClock.now - epoch, after: []) }
            #expect(oracle.failures.isEmpty)
            let answers = try oracle.ask([question], text: { self.texts[$0] })
            #expect(answers == [.unanswered(.serverFailed)] && notes("starts").count == 2 * run)
        }
    }

    @Test("asks its client for things gets an answer to each")
    func asks() throws {
        let result = try ask("asks")
        #expect(result.answers.count == 4 && result.failures.isEmpty)
        let heard = notes("heard").filter { $0.hasPrefix("answer") }
        #expect(
            heard == [
                #"answer [{"mode": "off"}, null, {"python": {"analysis": {"mode": "off"}}}]"#, "answer null",
                "answer null",
                heard.indices.contains(3) ? heard[3] : "", #"answer {"applied": false}"#, #"answer {"success": false}"#,
                "answer null", #"answer {"code": -32601, "message": "'window/unheard' is not known"}"#,
            ])
        #expect(heard[3].contains("file:///") && heard[3].contains("\"name\""))
    }

    @Test("never answers leaves questions open, each after its time")
    func silent() throws {
        let result = try ask("silent", limits { $0.question = .milliseconds(20) })
        #expect(result.answers == Array(repeating: .unanswered(.timedOut), count: 4) && result.failures.isEmpty)
        #expect(notes("heard").count { $0 == "$/cancelRequest" } == 4)
    }

    @Test("never answers leaves questions open when the time of the run is over")
    func outOfTime() throws {
        let end = limits {
            $0.run = .seconds(2)
            $0.window = 2
        }
        let result = try ask("silent", end)
        if result.failures.isEmpty {
            #expect(result.answers == Array(repeating: .unanswered(.outOfTime), count: 4))
            // More than the window were never put.
            #expect(notes("heard").count { $0 == "textDocument/definition" } <= 2)
        } else {
            // On a machine so busy that the server did not even start.
            #expect(result.answers == Array(repeating: .unanswered(.serverFailed), count: 4))
        }
    }

    @Test("does not get ready is given up, with no second try")
    func deaf() throws {
        let result = try ask("deaf", limits { $0.run = .milliseconds(50) })
        #expect(result.answers == Array(repeating: .unanswered(.serverFailed), count: 4))
        #expect(result.failures.count == 1)
        guard case .notReady? = result.failures.first else {
            Issue.record("\(result.failures)")
            return
        }
    }

    @Test("reads no more cannot hold up what is written to it")
    func stuck() throws {
        let big = [folder.path + "/a.py": [UInt8](repeating: 97, count: 5 << 20)]
        let stuck = limits {
            $0.question = .milliseconds(50)
            $0.farewell = .milliseconds(50)
        }
        let result = try ask("stuck", stuck, texts: big)
        #expect(result.answers == Array(repeating: .unanswered(.timedOut), count: 4))
    }

    @Test("crashes is started again, once, and goes on with what is left")
    func crashesOnce() throws {
        let result = try ask("crashes once", limits { $0.window = 1 })
        #expect(result.answers == [place(1), place(2), place(3), place(4)])
        #expect(result.failures == [.ended(status: 3, lastWords: ["cannot go on", "for this reason"])])
        #expect(notes("starts").count == 2)
    }

    @Test("crashes always is left alone after the second time")
    func crashes() throws {
        let result = try ask("crashes")
        #expect(result.answers == Array(repeating: .unanswered(.serverFailed), count: 4))
        #expect(result.failures.count == 2 && notes("starts").count == 2)
        #expect("\(result.failures[0])".contains("its last words: cannot go on / for this reason"))
    }

    @Test("takes too much memory is ended", .enabled(if: isLinux))
    func hog() throws {
        let result = try ask("hog", limits { $0.memory = 300 << 20 })
        #expect(result.answers == Array(repeating: .unanswered(.serverFailed), count: 4))
        guard case .overMemory(let bytes, 314_572_800)? = result.failures.first else {
            Issue.record("\(result.failures)")
            return
        }
        #expect(bytes > 300 << 20)
    }

    @Test("does not speak the protocol is told apart, in words", arguments: ["garbage", "huge"])
    func garbage(mode: String) throws {
        let result = try ask(mode)
        #expect(result.answers == Array(repeating: .unanswered(.serverFailed), count: 4))
        let words = mode == "huge" ? "99999999999 bytes" : "'Welcome to the server!' stands where a header has to"
        #expect("\(result.failures)".contains(words), "\(result.failures)")
    }

    @Test("refuses to start says why")
    func refuses() throws {
        let result = try ask("refuses")
        #expect(result.failures == [.refused(RequestRefusal(code: -32603, message: "not today"))])
    }

    @Test("finds nothing while it loads is asked again when it is done")
    func busy() throws {
        let result = try ask("busy", limits { $0.window = 1 })
        #expect(result.answers == [place(1), place(2), place(3), place(4)])
        #expect(notes("heard").count { $0 == "textDocument/definition" } >= 5)
    }

    @Test("finds nothing at first, and does not say that it loads, is asked again while it warms up")
    func slow() throws {
        #expect(try ask("slow", warmUp: .seconds(3600)).answers == [place(1), place(2), place(3), place(4)])
        let cold = try ask("slow", limits { $0.window = 1 })
        #expect(cold.answers.prefix(3) == [.unanswered(.nothingFound), .unanswered(.nothingFound), place(3)])
    }

    @Test("was busy with changes is asked again, and one that finds nothing is believed")
    func modified() throws {
        #expect(try ask("modified", limits { $0.window = 1 }).answers[0] == place(1))
        #expect(try ask("nothing").answers == Array(repeating: .unanswered(.nothingFound), count: 4))
    }

    @Test("does not end when it is asked to is ended with all that it has started", .enabled(if: isLinux))
    func stubborn() async throws {
        let result = try ask("stubborn", limits { $0.farewell = .milliseconds(20) })
        #expect(result.answers == [place(1), place(2), place(3), place(4)])
        // Killed, it takes a moment to be gone; a zombie that nobody has waited for yet is.
        let child = try #require(notes("child").first)
        let end = ContinuousClock.now + .seconds(300)
        while let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
            status.split(separator: ")").last?.hasPrefix(" Z") != true
        {
            try #require(ContinuousClock.now < end, "\(status)")
            await Task.yield()
        }
    }

    @Test("nobody waits for any more is ended")
    func cancelled() throws {
        let process = try ServerProcess(
            [python, "-c", "import signal; signal.pause()"], environment: [:], folder: "/", memoryLimit: 1 << 40,
            isCancelled: { true })
        #expect(throws: ServerFailure.cancelled) { try process.receive(until: .seconds(3600)) }
    }

    @Test("starts in the repository, with the environment that it is given")
    func environment() throws {
        let shell = try #require(ProgramSearch(environment: ["PATH": "/usr/bin:/bin"]).path(of: "sh"))
        let process = try ServerProcess(
            [shell, "-c", "echo $NAME:$PWD"], environment: ["NAME": "value"], folder: folder.path,
            memoryLimit: 1 << 40)
        let words = String(decoding: try process.receive(until: .seconds(3600)), as: UTF8.self)
        #expect(words.hasPrefix("value:") && words.hasSuffix(folder.path + "\n"))
        #expect(throws: ServerFailure.ended(status: 0, lastWords: [])) { try process.receive(until: .seconds(3600)) }
    }

    @Test("cannot be started says so")
    func missing() {
        #expect(throws: ServerFailure.self) {
            try ServerProcess(["/nonexistent/server"], environment: [:], folder: "/", memoryLimit: 1 << 30)
        }
    }

    @Test("is shown no file that cannot be read")
    func unreadable() throws {
        #expect(
            try ask("polite", texts: [:]).answers == Array(repeating: .unanswered(.unreadableFile), count: 4))
    }
}

#if os(Linux)
    private let isLinux = true
#else
    private let isLinux = false
#endif
