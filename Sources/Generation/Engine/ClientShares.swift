/// What clients had of the machine, so that those who had less come first.
///
/// A client that comes back after a pause starts level with those who are waiting: a pause saves nothing up.
/// - SeeAlso: Sheng et al. 2024, arXiv:2401.00588 (virtual token counters).
struct ClientShares: Sendable {
    private var service: [String: Double] = [:]
    /// Requests of each client that wait or run.
    private var active: [String: Int] = [:]

    /// A generated token counts as much as so many of a prompt.
    static let generatedWeight = 2.0

    func service(of client: String) -> Double { service[client] ?? 0 }

    mutating func enter(_ client: String) {
        let least = active.keys.map { service[$0] ?? 0 }.min()
        if active[client] == nil {
            if let least { service[client] = max(service[client] ?? 0, least) }
            // Others that are away would be lifted to the same level.
            service = service.filter { active[$0.key] != nil || $0.key == client || $0.value > least ?? 0 }
        }
        active[client, default: 0] += 1
    }

    mutating func leave(_ client: String) {
        guard let count = active[client] else { return }
        active[client] = count > 1 ? count - 1 : nil
        if active.isEmpty { service = [:] }
    }

    mutating func charge(_ client: String, _ tokens: Double) { service[client, default: 0] += tokens }
}
