/// What of a server's memory models may take, and what the prefixes that they left behind.
package struct MemoryPlan: Hashable, Sendable {
    /// Bytes for models, their contexts full.
    package var models: Int
    /// Bytes for prefixes.
    package var prefixes: Int

    /// - Parameters:
    ///   - total: bytes for everything, as asked for; nil: what is free.
    ///   - free: bytes that are free; nil where the system does not tell.
    ///   - prefixes: bytes for prefixes, as asked for; nil: a quarter of what the largest model leaves.
    ///   - needs: bytes of each model.
    package init(total: Int?, free: Int?, prefixes: Int?, needs: [Int]) {
        guard let room = total ?? free else {
            self.prefixes = prefixes ?? 1 << 30
            models = .max
            return
        }
        let largest = needs.filter { $0 <= room }.max() ?? room
        self.prefixes = prefixes ?? (room - largest) / 4
        models = max(0, room - self.prefixes)
        // Where nobody said how much there is, even a model larger than that may be tried, alone.
        if total == nil { models = max(models, needs.max() ?? 0) }
    }
}
