/// A Python dict: any hashable key, insertion order.
final class MapValue {
    private(set) var keys: [Value]
    private(set) var values: [Value]
    /// Positions by key, once there are enough of them.
    private var positions: [MapKey: Int] = [:]
    private(set) var depth = 1

    private static let scanLimit = 8

    init() {
        keys = []
        values = []
    }

    /// A map with the same entries.
    init(copying other: MapValue) {
        (keys, values, positions, depth) = (other.keys, other.values, other.positions, other.depth)
    }

    var count: Int { keys.count }

    /// The value of a string key.
    subscript(text: Text) -> Value? {
        position(of: text).map { values[$0] }
    }

    func setValue(_ value: Value, forText text: Text) {
        store(value, key: .string(text), position: position(of: text))
    }

    func value(for key: MapKey) -> Value? {
        position(of: key).map { values[$0] }
    }

    func setValue(_ value: Value, for key: MapKey) {
        store(value, key: key.value, position: position(of: key))
    }

    func removeValue(for key: MapKey) -> Value? {
        guard let position = position(of: key) else { return nil }
        keys.remove(at: position)
        defer { rebuildPositions() }
        return values.remove(at: position)
    }

    func removeAll() {
        keys = []
        values = []
        positions = [:]
    }

    private func store(_ value: Value, key: Value, position: Int?) {
        depth = max(depth, value.depth + 1, key.depth + 1)
        if let position {
            values[position] = value
            return
        }
        keys.append(key)
        values.append(value)
        if !positions.isEmpty {
            positions[MapKey(key)!] = keys.count - 1
        } else if keys.count > Self.scanLimit {
            rebuildPositions()
        }
    }

    private func rebuildPositions() {
        positions = [:]
        guard keys.count > Self.scanLimit else { return }
        positions.reserveCapacity(keys.count * 2)
        for (position, key) in keys.enumerated() { positions[MapKey(key)!] = position }
    }

    private func position(of text: Text) -> Int? {
        if !positions.isEmpty { return positions[MapKey(.string(text))!] }
        for (position, key) in keys.enumerated() {
            if case .string(let candidate) = key, candidate == text { return position }
        }
        return nil
    }

    private func position(of key: MapKey) -> Int? {
        if !positions.isEmpty { return positions[key] }
        return keys.firstIndex { MapKey($0) == key }
    }
}

/// `dict.keys()`, `.values()` and `.items()`: follow their map.
final class MapView {
    enum Kind {
        case keys, values, items

        var typeName: String {
            switch self {
            case .keys: "dict_keys"
            case .values: "dict_values"
            case .items: "dict_items"
            }
        }
    }

    let map: MapValue
    let kind: Kind

    init(_ kind: Kind, of map: MapValue) {
        self.kind = kind
        self.map = map
    }

    subscript(position: Int) -> Value {
        switch kind {
        case .keys: map.keys[position]
        case .values: map.values[position]
        case .items: .tuple(ListValue([map.keys[position], map.values[position]]))
        }
    }
}

/// A value that can be a key: immutable, equal across the number types as in Python (1, 1.0 and True are one key).
struct MapKey: Hashable {
    let value: Value

    /// Nil when the value is not hashable.
    init?(_ value: Value) {
        switch value {
        case .undefined, .none, .bool, .int, .largeInteger, .float, .string, .range, .namespace, .macro, .method,
            .function, .loop, .iterator:
            break
        case .tuple(let list):
            for item in list.items where MapKey(item) == nil { return nil }
        case .list, .map, .view: return nil
        }
        self.value = value
    }

    static func == (left: MapKey, right: MapKey) -> Bool {
        // Hashable values are never deep enough to exceed the limit: tuples are limited when they are made.
        (try? left.value.isEqual(to: right.value)) ?? false
    }

    func hash(into hasher: inout Hasher) {
        switch value {
        case .bool(let value): hasher.combine(value ? 1 : 0)
        case .int(let value): hasher.combine(value)
        case .float(let value):
            if let integer = Int(exactly: value) { hasher.combine(integer) } else { hasher.combine(value) }
        case .string(let text), .largeInteger(let text): hasher.combine(text)
        case .tuple(let list):
            for item in list.items { MapKey(item)?.hash(into: &hasher) }
        case .undefined: hasher.combine(-1)
        case .none: hasher.combine(-2)
        default: hasher.combine(-3)
        }
    }
}
