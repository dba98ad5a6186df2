import Chat
import Foundation
import Tensors
import Tokenization

/// A prompt to continue, and who is told of it.
struct TextRequest: Sendable {
    var prompt: [TokenID]
    var options: ResponseOptions
    var adapters: AdapterSelection
    var rules: AnswerRules
    var isCancelled: @Sendable () -> Bool
    var report: @Sendable (ChatEvent) -> Void
    /// Called once.
    var finish: @Sendable (Result<ResponseSummary, any Error>) -> Void
}

/// Requests on their way to the thread that evaluates them.
final class Mailbox: @unchecked Sendable {
    // Unchecked: what varies is touched with the condition's lock only.
    private let condition = NSCondition()
    private var requests: [TextRequest] = []
    private var slotTasks: [SlotTask] = []
    private var isShut = false
    private var hasEnded = false

    /// Requests that came and were not taken.
    var count: Int { condition.withLock { requests.count } }

    var isClosed: Bool { condition.withLock { isShut } }

    /// - Returns: false when nobody takes requests any more.
    func post(_ request: TextRequest) -> Bool {
        condition.withLock {
            guard !isShut else { return false }
            requests.append(request)
            condition.signal()
            return true
        }
    }

    /// - Returns: false when nobody takes tasks any more.
    func post(_ task: SlotTask) -> Bool {
        condition.withLock {
            guard !isShut else { return false }
            slotTasks.append(task)
            condition.signal()
            return true
        }
    }

    /// Tasks that came and were not taken.
    func takeSlotTasks() -> [SlotTask] {
        condition.withLock {
            defer { slotTasks = [] }
            return slotTasks
        }
    }

    /// Ends the thread.
    func close() {
        condition.withLock {
            isShut = true
            condition.broadcast()
        }
    }

    /// Says that the thread has ended and freed what it had.
    func noteEnd() {
        condition.withLock {
            hasEnded = true
            condition.broadcast()
        }
    }

    /// Waits until the thread has ended.
    func waitForEnd() {
        condition.withLock {
            while !hasEnded { condition.wait() }
        }
    }

    /// What came and was not taken.
    func drain() -> [TextRequest] {
        condition.withLock {
            defer { requests = [] }
            return requests
        }
    }

    /// Takes what came since the last time, which may be nothing; nil once closed.
    /// - Parameter waits: sleeps until something comes, be it for a slot.
    func take(waits: Bool) -> [TextRequest]? {
        condition.withLock {
            while waits, requests.isEmpty, slotTasks.isEmpty, !isShut { condition.wait() }
            defer { requests = [] }
            return isShut ? nil : requests
        }
    }
}
