/// Methods of a Python dict.
enum MapMethod: String {
    case get, keys, values, items, copy, pop, popitem, setdefault, update, clear, fromkeys
}

/// Methods of a Python list; tuples and ranges have those that change nothing.
enum ListMethod: String {
    case append, extend, insert, pop, remove, clear, reverse, sort, copy, index, count

    var isReadOnly: Bool { self == .index || self == .count }
}

/// What a template can call on `loop`.
enum LoopMethod: String {
    case cycle, changed
}

extension Renderer {
    // `transformers` forbids the methods that change lists and maps. Templates exist that use them (Kimi K2 queues the
    // ids of tool calls), and other engines let them, so they work here.

    func call(_ method: MapMethod, on map: MapValue, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let name = method.rawValue
        switch method {
        case .get:
            let values = try arguments.positional(name, 1...2)
            return map.value(for: try hashable(values[0])) ?? (values.count > 1 ? values[1] : .none)
        case .keys, .values, .items:
            _ = try arguments.positional(name, 0...0)
            return .view(MapView(method == .keys ? .keys : method == .values ? .values : .items, of: map))
        case .copy:
            _ = try arguments.positional(name, 0...0)
            try charge(map.count)
            return .map(MapValue(copying: map))
        case .pop:
            let values = try arguments.positional(name, 1...2)
            try charge(map.count)
            if let value = map.removeValue(for: try hashable(values[0])) { return value }
            guard values.count > 1 else {
                throw .evaluation("the map has no key \(try representation(values[0]).string)")
            }
            return values[1]
        case .popitem:
            _ = try arguments.positional(name, 0...0)
            try charge(map.count)
            guard let key = map.keys.last, let value = map.removeValue(for: try hashable(key)) else {
                throw .evaluation("'popitem' needs a map that is not empty")
            }
            return .tuple(try list([key, value]))
        case .setdefault:
            let values = try arguments.positional(name, 1...2)
            if let value = map.value(for: try hashable(values[0])) { return value }
            let value = values.count > 1 ? values[1] : .none
            try change(map) { (map) throws(RenderFailure) in try insert(value, key: values[0], into: map) }
            return value
        case .update:
            guard arguments.positional.count <= 1 else { throw .evaluation("'update' takes one argument at most") }
            try change(map) { (map) throws(RenderFailure) in
                if case .map(let other)? = arguments.positional.first {
                    for (key, value) in zip(other.keys, other.values) { try insert(value, key: key, into: map) }
                } else if let pairs = arguments.positional.first {
                    try addPairs(pairs, to: map)
                }
                for (name, value) in arguments.named { try insert(value, key: .string(Text(name)), into: map) }
            }
            return .none
        case .clear:
            _ = try arguments.positional(name, 0...0)
            map.removeAll()
            return .none
        case .fromkeys: throw .unsupported("the method 'fromkeys' of a map")
        }
    }

    /// A changed container can come to hold itself.
    private func change(_ map: MapValue, _ body: (MapValue) throws(RenderFailure) -> Void) throws(RenderFailure) {
        try retain(map)
        try body(map)
    }

    func call(_ method: ListMethod, on list: ListValue, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let name = method.rawValue
        func none(_ counts: ClosedRange<Int> = 0...0) throws(RenderFailure) -> [Value] {
            try arguments.positional(name, counts)
        }
        if !method.isReadOnly, method != .copy { try retain(list) }
        // Appending is the one method that takes no time in proportion to the list.
        if method != .append { try charge(list.items.count) }
        switch method {
        case .append: list.items.append(try none(1...1)[0])
        case .extend:
            let more = try items(of: try none(1...1)[0])
            try charge(more.count)
            list.items += more
        case .insert:
            let values = try none(2...2)
            let index = try Optional(values[0]).integer("the index", default: 0)
            let position = index < 0 ? max(0, index + list.items.count) : min(index, list.items.count)
            list.items.insert(values[1], at: position)
        case .pop:
            let values = try none(0...1)
            let index = try values.first.integer("the index", default: -1)
            let position = index < 0 ? index + list.items.count : index
            guard list.items.indices.contains(position) else { throw .evaluation("the list has no item \(index)") }
            return list.items.remove(at: position)
        case .remove:
            list.items.remove(at: try firstIndex(of: try none(1...1)[0], in: list.items))
        case .clear:
            _ = try none()
            list.items = []
        case .reverse:
            _ = try none()
            list.items.reverse()
        case .sort:
            guard arguments.positional.isEmpty else { throw .evaluation("'sort' takes named arguments only") }
            let reverse = try Arguments(named: arguments.named).bind(name, ["reverse"])[0]
            list.items = try list.items.sorted(by: list.items, descending: reverse.isTrue)
        case .copy:
            _ = try none()
            return .list(try self.list(list.items))
        case .index: return .int(try firstIndex(of: try none(1...1)[0], in: list.items))
        case .count:
            let value = try none(1...1)[0]
            var count = 0
            for item in list.items where try item.isEqual(to: value) { count += 1 }
            return .int(count)
        }
        return .none
    }

    private func firstIndex(of value: Value, in items: [Value]) throws(RenderFailure) -> Int {
        for (index, item) in items.enumerated() where try item.isEqual(to: value) { return index }
        throw .evaluation("the list does not contain \(try representation(value).string)")
    }

    func call(_ method: LoopMethod, on loop: LoopValue, _ arguments: Arguments) throws(RenderFailure) -> Value {
        switch method {
        case .cycle:
            guard !arguments.positional.isEmpty, arguments.named.isEmpty else {
                throw .evaluation("'cycle' needs values to choose from")
            }
            return arguments.positional[loop.index0 % arguments.positional.count]
        case .changed:
            guard arguments.named.isEmpty else { throw .evaluation("'changed' takes no named arguments") }
            let values = try list(arguments.positional)
            if let last = loop.lastChanged, try Value.tuple(last).isEqual(to: .tuple(values)) { return .bool(false) }
            try retain(loop)
            loop.lastChanged = values
            return .bool(true)
        }
    }
}
