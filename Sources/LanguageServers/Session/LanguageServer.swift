internal import JSON

/// A language server that is ready for questions.
package final class LanguageServer {
    private let channel: any ServerChannel
    private let entry: ServerEntry
    private let limits: ServerLimits
    private var framing = MessageFraming()
    private var session: ServerSession
    /// What the server was shown, by path.
    private var documents: [String: LineTable] = [:]
    /// Whether it has found a definition yet.
    private var hasFound = false
    /// Until then, one that has found nothing yet may be about to read the project.
    private var warmUpEnd = Duration.zero
    /// Documents that stay open.
    private var companions: Set<String> = []

    /// Starts to talk to a server.
    /// - Parameters:
    ///   - root: the repository: absolute.
    ///   - process: this one's number.
    ///   - end: when it has to have said what it can do.
    package init(
        _ channel: any ServerChannel, entry: ServerEntry, root: String, process: Int, limits: ServerLimits,
        until end: Duration
    ) throws(ServerFailure) {
        self.channel = channel
        self.entry = entry
        self.limits = limits
        session = ServerSession(entry: entry, root: root)
        let result = try answer(to: "initialize", session.initializeParameters(process: process), until: end)
        session.accept(capabilities: result)
        warmUpEnd = channel.now + entry.warmUp
        send(session.notification("initialized"))
        if !entry.settings.members.isEmpty {
            send(session.notification("workspace/didChangeConfiguration", ["settings": .object(entry.settings)]))
        }
    }

    /// Waits for one answer. What else comes meanwhile is attended to.
    private func answer(
        to method: String, _ params: JSONValue, until deadline: Duration
    ) throws(ServerFailure) -> JSONValue {
        let (id, message) = session.request(method, params)
        send(message)
        let asked = channel.now
        while true {
            for message in try messages(until: deadline) {
                switch handle(message) {
                case .answer(id, let result): return result
                case .refusal(id, let refusal): throw .refused(refusal)
                default: break
                }
            }
            guard channel.now < deadline else {
                throw .notReady(seconds: (deadline - asked) / .seconds(1), lastWords: channel.lastWords)
            }
        }
    }

    private func send(_ message: JSONValue) { channel.send(MessageFraming.framed(message.bytes)) }

    /// What the server says next.
    private func messages(until deadline: Duration) throws(ServerFailure) -> [ServerMessage] {
        let bytes = try channel.receive(until: deadline)
        do {
            return try framing.accept(bytes[...]).compactMap { ServerMessage($0) }
        } catch {
            let words = channel.lastWords
            channel.kill()
            throw .unintelligible(error, lastWords: words)
        }
    }

    /// Takes note of a message; the server's own requests are answered.
    private func handle(_ message: ServerMessage) -> ServerSession.Event {
        let event = session.handle(message)
        if case .reply(let reply) = event { send(reply) }
        return event
    }

    /// Asks the server to end, and sees to it that it does.
    package func shutDown() {
        if (try? answer(to: "shutdown", .null, until: channel.now + limits.farewell)) != nil {
            send(session.notification("exit"))
            let deadline = channel.now + limits.farewell
            while channel.now < deadline, (try? channel.receive(until: deadline)) != nil {}
        }
        channel.kill()
    }
}

extension LanguageServer {
    /// Asks the open questions of a board until none is left.
    func work(
        through board: inout QuestionBoard, _ questions: [DefinitionQuestion], text: (String) -> [UInt8]?,
        progress: (Int) -> Void
    ) throws(ServerFailure) {
        while true {
            for id in board.expire(now: channel.now) {
                send(session.notification("$/cancelRequest", ["id": .integer(id)]))
            }
            if board.isQuiet { closeDocuments(except: companions.union(board.open.map { questions[$0].file.path })) }
            ask(&board, questions, text)
            progress(board.answeredCount)
            guard !board.isDone else { return }
            // Files that cannot be read leave nothing to wait for.
            guard board.isPending else { continue }
            for message in try messages(until: board.deadline) {
                switch handle(message) {
                case .answer(let id, let result):
                    let places = DefinitionPlace.places(result)
                    if !places.isEmpty, !hasFound {
                        hasFound = true
                        board.askAgain()
                    }
                    let answer: DefinitionAnswer =
                        places.isEmpty ? .unanswered(.nothingFound) : .places(places, session.encoding)
                    board.answered(id: id, answer, mayKnowMore: mayKnowMore, now: channel.now)
                case .refusal(let id, let refusal):
                    board.answered(id: id, .unanswered(.refused(refusal)), mayKnowMore: true, now: channel.now)
                case .work where !session.isWorking: board.askAgain()
                default: break
                }
            }
        }
    }

    /// Shows the server files that stay open, and waits until it has read them.
    package func accompany(
        by files: [DefinitionQuestion.File], until end: Duration, text: (String) -> [UInt8]?
    ) throws(ServerFailure) {
        let deadline = min(end, channel.now + limits.question)
        var waiting: Set<Int> = []
        for file in files where !companions.contains(file.path) && open(file, text) != nil {
            companions.insert(file.path)
            let (id, message) = session.request(
                "textDocument/documentSymbol",
                ["textDocument": ["uri": .string(FileAddress.uri(path: file.path))]])
            send(message)
            waiting.insert(id)
        }
        while !waiting.isEmpty, channel.now < deadline {
            for message in try messages(until: deadline) {
                switch handle(message) {
                case .answer(let id, _), .refusal(let id, _): waiting.remove(id)
                default: break
                }
            }
        }
    }

    /// Tells the server what became of files since it was asked last. Those that it was shown are shown anew when it is
    /// asked about them, as they are then.
    func resume(after changes: [FileChange]) {
        companions = []
        closeDocuments(except: [])
        guard !changes.isEmpty else { return }
        send(session.notification("workspace/didChangeWatchedFiles", ["changes": .array(changes.map(\.json))]))
    }

    private var mayKnowMore: Bool { session.isWorking || !hasFound && channel.now < warmUpEnd }

    private func ask(
        _ board: inout QuestionBoard, _ questions: [DefinitionQuestion], _ text: (String) -> [UInt8]?
    ) {
        let indexes = board.next(now: channel.now) { documents[questions[$0].file.path] != nil }
        let tables = indexes.map { open(questions[$0].file, text) }
        for (index, table) in zip(indexes, tables) {
            let question = questions[index]
            guard let table else {
                board.answer(index, .unanswered(.unreadableFile))
                continue
            }
            let position = table.position(of: question.offset, session.encoding)
            let (id, message) = session.request(
                "textDocument/definition",
                [
                    "textDocument": ["uri": .string(FileAddress.uri(path: question.file.path))],
                    "position": ["line": .integer(position.line), "character": .integer(position.character)],
                ])
            send(message)
            board.asked(index, id: id, now: channel.now)
        }
    }

    /// Shows the server a file, unless it knows it. Nil when that has no text.
    private func open(_ file: DefinitionQuestion.File, _ text: (String) -> [UInt8]?) -> LineTable? {
        if let known = documents[file.path] { return known }
        guard let bytes = text(file.path), let content = String(validating: bytes, as: UTF8.self) else { return nil }
        let table = LineTable(bytes)
        documents[file.path] = table
        send(
            session.notification(
                "textDocument/didOpen",
                [
                    "textDocument": [
                        "uri": .string(FileAddress.uri(path: file.path)),
                        "languageId": .string(entry.languages[file.language] ?? file.language), "version": 1,
                        "text": .string(content),
                    ]
                ]))
        return table
    }

    /// What is open takes memory in the server, a parsed file each.
    private func closeDocuments(except used: Set<String>) {
        for path in documents.keys.sorted() where !used.contains(path) {
            documents[path] = nil
            send(
                session.notification(
                    "textDocument/didClose", ["textDocument": ["uri": .string(FileAddress.uri(path: path))]]))
        }
    }
}
