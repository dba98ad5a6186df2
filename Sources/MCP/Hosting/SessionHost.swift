package import JSON

/// Keeps sessions, and brings the messages of clients to them and the answers back.
package actor SessionHost {
    /// Messages that answer one that came, in order, and their end.
    package struct Delivery: Sendable {
        package var send: @Sendable (JSONValue) -> Void
        /// Nothing more follows.
        package var end: @Sendable () -> Void

        package init(send: @escaping @Sendable (JSONValue) -> Void, end: @escaping @Sendable () -> Void = {}) {
            self.send = send
            self.end = end
        }
    }

    private struct Entry {
        var session: ProtocolSession
        var calls: [ToolCall.ID: Call] = [:]
        /// When it was used last, counted up.
        var used: Int
    }

    private struct Call {
        var ticket: CallQueue.Ticket
        var delivery: Int
    }

    private let server: ServerDescription
    private let queue: CallQueue
    private var entries: [String: Entry] = [:]
    /// With the calls that each still waits for.
    private var deliveries: [Int: (delivery: Delivery, running: Int)] = [:]
    private var lastDelivery = 0
    private var clock = 0

    /// Sessions that are kept; of more, the one that was used longest ago is forgotten.
    private let sessionLimit = 256

    package init(_ server: ServerDescription, queue: CallQueue) {
        self.server = server
        self.queue = queue
    }

    // MARK: Sessions

    package func open(_ name: String) {
        clock += 1
        entries[name] = Entry(session: ProtocolSession(server), used: clock)
        if entries.count > sessionLimit, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
            close(oldest.key)
        }
    }

    /// Calls of all sessions that are not answered yet.
    package var runningCount: Int { entries.values.reduce(0) { $0 + $1.calls.count } }

    package func has(_ name: String) -> Bool { entries[name] != nil }

    /// Forgets a session, and gives up what it waits for.
    package func close(_ name: String) {
        guard let entry = entries.removeValue(forKey: name) else { return }
        for call in entry.calls.values {
            queue.cancel(call.ticket)
            endCall(of: call.delivery)
        }
    }

    // MARK: Messages

    /// Takes the bytes of one message, and returns as soon as they are understood.
    package func receive(_ message: [UInt8], in name: String, _ delivery: Delivery) {
        clock += 1
        entries[name]?.used = clock
        lastDelivery += 1
        let number = lastDelivery
        // The message itself counts as one thing to wait for, until it has been looked at.
        deliveries[number] = (delivery, 1)
        perform(entries[name]?.session.receive(message) ?? [], in: name, number)
        endCall(of: number)
    }

    private func perform(_ events: [ProtocolSession.Event], in name: String, _ number: Int) {
        for event in events {
            switch event {
            case .send(let message): deliveries[number]?.delivery.send(message)
            case .call(let call): submit(call, in: name, number)
            case .cancel(let id):
                guard let call = entries[name]?.calls.removeValue(forKey: id) else { continue }
                queue.cancel(call.ticket)
                endCall(of: call.delivery)
            }
        }
    }

    private func submit(_ call: ToolCall, in name: String, _ number: Int) {
        deliveries[number]?.running += 1
        let ticket = queue.submit(call) { [weak self] progress in
            guard call.wantsProgress else { return }
            Task { await self?.report(progress, of: call.id, in: name) }
        } finish: { [weak self] answer in
            await self?.finish(call.id, in: name, with: answer)
        }
        entries[name]?.calls[call.id] = Call(ticket: ticket, delivery: number)
    }

    private func report(_ progress: CallProgress, of id: ToolCall.ID, in name: String) {
        guard let call = entries[name]?.calls[id] else { return }
        perform(entries[name]?.session.report(progress, of: id) ?? [], in: name, call.delivery)
    }

    private func finish(_ id: ToolCall.ID, in name: String, with answer: ToolAnswer?) {
        guard let call = entries[name]?.calls.removeValue(forKey: id) else { return }
        perform(entries[name]?.session.finish(id, with: answer) ?? [], in: name, call.delivery)
        endCall(of: call.delivery)
    }

    private func endCall(of number: Int) {
        deliveries[number]?.running -= 1
        guard let entry = deliveries[number], entry.running == 0 else { return }
        deliveries[number] = nil
        entry.delivery.end()
    }
}
