/// What the slots of an engine hold, and which of the free ones suits a prompt.
///
/// Where prefixes outlive their slots, a slot that gives way is filled from the cache of prefixes afterwards: no
/// conversation has to give way to a prompt that shares little of it.
struct SlotContents: Sendable {
    private struct Slot: Sendable {
        var tokens: [Int32] = []
        /// Of what corrected the model while it read them.
        var adapters = ""
        var lastUse = 0
        var isTaken = false
    }

    private var slots: [Slot]
    private var uses = 0
    private let outlivesSlots: Bool

    /// - Parameter outlivesSlots: whether a cache apart from slots keeps prefixes.
    init(count: Int, outlivesSlots: Bool = false) {
        slots = Array(repeating: Slot(), count: count)
        self.outlivesSlots = outlivesSlots
    }

    var hasFree: Bool { slots.contains { !$0.isTaken } }

    /// Takes a free slot for `prompt`: the one that shares the longest prefix with it, where that is at least half of
    /// the prompt or of what the slot holds; else the one that was used longest ago. A short prefix that all share, such
    /// as a system message, is not worth another conversation. With a cache of prefixes it has to be half of what the slot
    /// holds: the prompt loses nothing by going elsewhere.
    /// - Parameter adapters: key of what corrects the model; what was read with others shares nothing.
    /// - Returns: nil when none is free. `shared` leaves at least one token to evaluate.
    mutating func take(for prompt: [Int32], adapters: String) -> (slot: Int, shared: Int)? {
        let free = slots.indices.filter { !slots[$0].isTaken }
        let shared = free.map { index in
            slots[index].adapters == adapters ? zip(slots[index].tokens, prompt).prefix { $0 == $1 }.count : 0
        }
        let best = free.indices.max { (shared[$0], slots[free[$0]].lastUse) < (shared[$1], slots[free[$1]].lastUse) }
        guard var place = best else { return nil }
        let held = slots[free[place]].tokens.count
        let shorter = outlivesSlots ? held : min(prompt.count, held)
        if shared[place] == 0 || 2 * shared[place] < shorter {
            place = free.indices.min { slots[free[$0]].lastUse < slots[free[$1]].lastUse }!
        }
        slots[free[place]].isTaken = true
        return (free[place], min(shared[place], prompt.count - 1))
    }

    /// Frees a slot, whose caches hold `tokens`.
    mutating func free(_ slot: Int, holding tokens: ArraySlice<Int32>, adapters: String) {
        uses += 1
        slots[slot] = Slot(tokens: Array(tokens), adapters: adapters, lastUse: uses)
    }
}
