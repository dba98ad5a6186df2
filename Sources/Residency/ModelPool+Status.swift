package import Chat
import Synchronization

extension ModelPool {
    /// Where a model is, and what it took to get there.
    package func residence(of model: Int) -> ModelResidence {
        state.withLock { state in
            let scheduler = state.scheduler
            var residence = ModelResidence(
                state: ModelResidence.State(scheduler.state(of: model)), byteCount: entries[model].byteCount)
            residence.users = scheduler.users(of: model)
            let record = state.records[model]
            (residence.loads, residence.unloads) = (record.loads, record.unloads)
            (residence.failedLoads, residence.loadSeconds) = (record.failedLoads, record.loadSeconds)
            if let expiry = scheduler.expiry(of: model), expiry.isFinite {
                residence.secondsLeft = max(0, expiry - now)
            }
            return residence
        }
    }

    /// What a model does, also what it did before it left memory.
    package func status(of model: Int) -> ModelStatus {
        let (opened, record, waiting) = state.withLock { state in
            (state.opened[model], state.records[model], state.scheduler.waitingCount(for: model))
        }
        // Between the two a model may leave; it is counted once, by what was taken out together.
        var status = record.total(with: (opened?.text as? any StatusReporting)?.status)
        status.waiting += waiting
        return status
    }
}

extension ModelResidence.State {
    init(_ state: ResidencyScheduler.State) {
        switch state {
        case .unloaded: self = .unloaded
        case .loading: self = .loading
        case .loaded: self = .loaded
        case .unloading: self = .unloading
        }
    }
}
