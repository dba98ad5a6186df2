extension Value {
    /// Nesting that comparing, printing and their like follow before they give up, as Python does on recursive data.
    static let traversalLimit = 256

    static var tooDeep: RenderFailure { .exhausted(.valueDepth(limit: traversalLimit)) }

    /// Python's `==`.
    func isEqual(to other: Value, depth: Int = 0) throws(RenderFailure) -> Bool {
        guard depth < Self.traversalLimit else { throw Self.tooDeep }
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let left), .string(let right)): return left == right
        case (.largeInteger(let left), .largeInteger(let right)): return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            if left === right { return true }
            guard left.items.count == right.items.count else { return false }
            for (item, counterpart) in zip(left.items, right.items) {
                guard try item.isEqual(to: counterpart, depth: depth + 1) else { return false }
            }
            return true
        case (.map(let left), .map(let right)):
            if left === right { return true }
            guard left.count == right.count else { return false }
            for (key, value) in zip(left.keys, left.values) {
                guard let key = MapKey(key), let counterpart = right.value(for: key),
                    try value.isEqual(to: counterpart, depth: depth + 1)
                else { return false }
            }
            return true
        case (.view(let left), .view(let right)): return left === right
        case (.range(let left), .range(let right)):
            return left.count == right.count
                && (left.count == 0 || left.start == right.start && (left.count == 1 || left.step == right.step))
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.macro(let left), .macro(let right)): return left === right
        case (.function(let left), .function(let right)): return left == right
        default:
            guard let left = number, let right = other.number else { return false }
            return left == right
        }
    }

    /// Python's `<`: numbers, strings, and lists and tuples of them.
    func isLess(than other: Value, depth: Int = 0) throws(RenderFailure) -> Bool {
        guard depth < Self.traversalLimit else { throw Self.tooDeep }
        if let left = number, let right = other.number { return left < right }
        switch (self, other) {
        case (.undefined(let origin), _), (_, .undefined(let origin)): throw origin.failure
        case (.string(let left), .string(let right)): return left < right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (item, counterpart) in zip(left.items, right.items) {
                if try !item.isEqual(to: counterpart, depth: depth + 1) {
                    return try item.isLess(than: counterpart, depth: depth + 1)
                }
            }
            return left.items.count < right.items.count
        default:
            throw .evaluation("'\(typeName)' and '\(other.typeName)' can't be ordered")
        }
    }

    /// The value as a number, if it is one.
    var number: Number? {
        switch self {
        case .bool(let value): .int(value ? 1 : 0)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        default: nil
        }
    }

    /// Identity as far as templates can see it: the same object, or equal plain values of one type.
    func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)): left === right
        case (.map(let left), .map(let right)): left === right
        case (.namespace(let left), .namespace(let right)): left === right
        case (.macro(let left), .macro(let right)): left === right
        case (.function(let left), .function(let right)): left == right
        default: false
        }
    }
}

extension [Value] {
    /// Stable, by Python's `<` on `keys`, which are in step with the elements.
    func sorted(by keys: [Value], descending: Bool) throws(RenderFailure) -> [Value] {
        // Merge sort over positions: the standard sort can't throw a typed error and does not promise stability.
        var order = Array<Int>(indices)
        // As in Python, equal elements keep their order when descending, too.
        if descending { order.reverse() }
        var buffer = order
        var width = 1
        while width < count {
            var start = 0
            while start < count {
                let middle = Swift.min(start + width, count)
                let end = Swift.min(start + 2 * width, count)
                var (left, right, target) = (start, middle, start)
                while left < middle || right < end {
                    let takeRight: Bool
                    if left < middle, right < end {
                        takeRight = try keys[order[right]].isLess(than: keys[order[left]])
                    } else {
                        takeRight = left >= middle
                    }
                    buffer[target] = order[takeRight ? right : left]
                    if takeRight { right += 1 } else { left += 1 }
                    target += 1
                }
                start = end
            }
            swap(&order, &buffer)
            width *= 2
        }
        if descending { order.reverse() }
        return order.map { self[$0] }
    }
}
