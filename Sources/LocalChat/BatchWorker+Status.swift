import Chat
import Generation

extension BatchWorker {
    /// What the worker is doing between two passes.
    var status: ModelStatus {
        var status = ModelStatus(
            waiting: scheduler.waitingCount, readTokens: finished.read, generatedTokens: finished.generated)
        for slot in 0..<engine.slotCount {
            let held = engine.position(of: slot)
            var entry = ModelStatus.Slot(heldTokens: held)
            if let id = scheduler.request(in: slot), let job = jobs[id] {
                let done = work(of: job, holding: held)
                entry.state = job.firstToken == nil ? .reading : .generating
                entry.client = job.request.options.client
                entry.promptTokens = job.request.prompt.count
                entry.generatedTokens = done.generated
                status.readTokens += done.read
                status.generatedTokens += done.generated
            }
            status.slots.append(entry)
        }
        return status
    }

    /// Takes note of what was done for a request that ends now.
    func countWork(of id: Int, _ job: Job) {
        guard let slot = scheduler.slot(of: id) else { return }
        let done = work(of: job, holding: engine.position(of: slot))
        finished = (finished.read + done.read, finished.generated + done.generated)
    }

    private func work(of job: Job, holding held: Int) -> (read: Int, generated: Int) {
        (max(0, min(held, job.request.prompt.count) - job.reused), job.writer.generated)
    }
}
