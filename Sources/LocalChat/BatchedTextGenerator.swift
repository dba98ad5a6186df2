package import Chat
import Foundation
package import Generation
import Synchronization
package import Tensors
package import Tokenization

/// Continues many prompts of tokens as text at the same time, on one thread of its own.
///
/// The engine evaluates the tokens of all of them together. Every request has its own sampler, stop texts and
/// cancellation, and is told what `TextGenerator` tells.
package final class BatchedTextGenerator: Sendable {
    package let model: LoadedModel
    /// Tokens that a prompt and its continuation can have.
    package let capacity: Int
    /// What the cache of prefixes does; nil where there is none.
    package let prefixes: PrefixCacheMonitor?
    private let mailbox = Mailbox()
    private let board: StatusBoard

    /// - Parameters:
    ///   - limits: how many sequences at a time, and what may wait.
    ///   - prefixes: what to keep apart from the sequences that run; nil for nothing.
    ///   - draft: a smaller model that guesses what comes next; nil for none.
    package init(
        _ model: LoadedModel, _ options: SessionOptions, _ limits: BatchLimits, prefixes: PrefixCacheOptions? = nil,
        draft: LoadedModel? = nil
    ) throws(LocalChatError) {
        self.model = model
        let engine: BatchEngine
        let drafter: ModelDrafter?
        do {
            engine = try BatchEngine(model.language, options, slots: limits.slots)
            drafter = try draft.map { draft throws(SessionError) in
                try ModelDrafter(
                    draft.language, options.forDrafts(by: draft, context: engine.capacity), slots: limits.slots,
                    vocabulary: model.tokenizer.vocabularyCount)
            }
        } catch {
            throw .session(error)
        }
        capacity = engine.capacity
        let cache = prefixes.flatMap { PrefixCache(engine, $0, options) }
        self.prefixes = cache?.monitor
        board = StatusBoard(slots: limits.slots)
        let worker = WorkerBox(BatchWorker(model, engine, limits, cache, options, drafter, board))
        let thread = Thread { [mailbox] in
            worker.run(mailbox)
            mailbox.noteEnd()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Requests keep the generator alive if `finish` does.
    deinit { mailbox.close() }

    /// Ends what runs, and returns when everything is on disk that is to go there and the caches are freed. Later requests
    /// are cancelled.
    package func close() {
        prefixes?.flush()
        mailbox.close()
        mailbox.waitForEnd()
    }

    /// What is read, continued and waiting, as it was after the last pass.
    package var status: ModelStatus {
        var status = board.status
        status.waiting += mailbox.count
        status.cache = prefixes.map { ModelStatus.PrefixCache($0.counters) }
        return status
    }

    /// Queues a prompt and returns at once.
    ///
    /// - Parameters:
    ///   - adapters: what corrects the model for this prompt and its answer.
    ///   - rules: what the text has to follow, and what ends it.
    ///   - isCancelled: asked between passes; the request's slot is free after the pass that runs.
    ///   - report: told what happens, on the generator's thread: it should return at once.
    ///   - finish: called once, likewise.
    package func generate(
        _ prompt: [TokenID], _ options: ResponseOptions, _ adapters: AdapterSelection = .none,
        rules: AnswerRules = AnswerRules(), isCancelled: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (ChatEvent) -> Void,
        finish: @escaping @Sendable (Result<ResponseSummary, any Error>) -> Void
    ) {
        let request = TextRequest(
            prompt: prompt, options: options, adapters: adapters, rules: rules, isCancelled: isCancelled,
            report: report, finish: finish)
        if !mailbox.post(request) { finish(.failure(SessionError.cancelled)) }
    }

    /// Queues something to be done with a slot when it is free, and returns at once.
    func perform(_ task: SlotTask) {
        if !mailbox.post(task) { task.finish(.failure(SessionError.cancelled)) }
    }
}

/// Hands the worker to its thread.
private final class WorkerBox: Sendable {
    private let worker: Mutex<BatchWorker?>
    init(_ worker: sending BatchWorker) { self.worker = Mutex(worker) }

    /// Works until the mailbox is closed, and frees the worker.
    func run(_ mailbox: Mailbox) {
        worker.withLock { worker in
            worker?.run(mailbox)
            worker = nil
        }
    }
}

extension ModelStatus.PrefixCache {
    fileprivate init(_ counters: PrefixCacheCounters) {
        self.init(
            bytes: counters.memoryBytes, capacityBytes: counters.memoryLimit, lookups: counters.prompts,
            hits: counters.helpedPrompts,
            reusedTokens: counters.slotTokens + counters.memoryTokens + counters.diskTokens)
    }
}
