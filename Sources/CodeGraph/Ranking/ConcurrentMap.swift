internal import Foundation
internal import Synchronization

extension Array where Element: Sendable {
    /// The array of what each element becomes, with all cores at work; the calling thread waits.
    /// - Parameter worker: what each core has a copy of for itself.
    func concurrentMap<Worker: Sendable, Result: Sendable>(
        _ worker: Worker, _ body: @Sendable (inout Worker, Element) -> Result
    ) -> [Result] {
        let threads = Swift.min(ProcessInfo.processInfo.activeProcessorCount, count)
        let next = Atomic(0)
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var worker = worker
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = body(&worker, self[index])
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
