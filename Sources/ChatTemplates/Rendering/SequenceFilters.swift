extension Renderer {
    // MARK: One item at a time

    /// `map`, `select` and their like: nothing happens before somebody walks the result.
    func applyLazily(_ filter: Filter, to value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        guard value.isTrue else { return .iterator(ValueIterator([])) }
        // Problems with the value or the arguments show when the result is walked, as in Python.
        let source = ValueIterator(deferring: value)
        switch filter {
        case .map:
            return .iterator(
                try ValueIterator(mapping: source) { [unowned self] (item) throws(RenderFailure) in
                    try map(item, arguments)
                })
        default:
            let keeps = filter == .select || filter == .selectattr
            let looksUp = filter == .selectattr || filter == .rejectattr
            return .iterator(
                try ValueIterator(filtering: source) { [unowned self] (item) throws(RenderFailure) in
                    try satisfies(item, arguments, looksUp: looksUp) == keeps
                })
        }
    }

    private func map(_ item: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        if arguments.positional.isEmpty, arguments.named.contains(where: { $0.name == "attribute" }) {
            let values = try arguments.bind("map", ["attribute", "default"])
            let path = try attributePath(values[0])
            return try value(at: path, of: item, default: values[1])
        }
        guard case .string(let name)? = arguments.positional.first else {
            throw .evaluation("'map' needs the name of a filter")
        }
        guard let filter = Filter(rawValue: name.string) else { throw .unsupported("the filter '\(name.string)'") }
        var rest = arguments
        rest.positional.removeFirst()
        return try nested { () throws(RenderFailure) in try apply(filter, to: item, rest) }
    }

    private func satisfies(_ item: Value, _ arguments: Arguments, looksUp: Bool) throws(RenderFailure) -> Bool {
        var rest = arguments.positional[...]
        var subject = item
        if looksUp {
            guard let attribute = rest.popFirst() else { throw .evaluation("the name of an attribute is missing") }
            subject = try value(at: try attributePath(attribute), of: item, default: nil)
        }
        guard let name = rest.popFirst() else { return subject.isTrue }
        guard case .string(let name) = name else { throw .evaluation("the name of a test must be a string") }
        guard let test = ValueTest(rawValue: name.string) else { throw .unsupported("the test '\(name.string)'") }
        return try check(test, subject, Arguments(positional: Array(rest), named: arguments.named))
    }

    // MARK: Attributes by name

    /// The parts of `a.b.0`.
    private func attributePath(_ name: Value?) throws(RenderFailure) -> [Value] {
        switch name {
        case nil, .some(.none): return []
        case .string(let text):
            return text.split(separator: ".", limit: -1).map { part in
                Text(part.bytes).isAll(\.isDigit) ? Int(part.string).map { .int($0) } ?? .string(part) : .string(part)
            }
        case .some(let value): return [value]
        }
    }

    private func value(at path: [Value], of item: Value, default fallback: Value?) throws(RenderFailure) -> Value {
        var value = item
        for part in path {
            value = try self.item(part, of: value)
            if let fallback, !fallback.isNone, value.isUndefined { value = fallback }
        }
        return value
    }

    /// What items are compared by: an attribute if one is named, without case unless asked for.
    private func key(_ item: Value, _ path: [Value], isCaseSensitive: Bool) throws(RenderFailure) -> Value {
        let value = try value(at: path, of: item, default: nil)
        guard !isCaseSensitive, case .string(let text) = value else { return value }
        try charge(bytes: text.bytes.count)
        return .string(text.lowercased())
    }

    private func keys(_ items: [Value], _ path: [Value], isCaseSensitive: Bool) throws(RenderFailure) -> [Value] {
        // Sorting takes more than one look at each item.
        try charge(items.count * 8)
        var keys: [Value] = []
        for item in items { keys.append(try key(item, path, isCaseSensitive: isCaseSensitive)) }
        return keys
    }

    // MARK: Whole sequences

    func applyToSequence(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        switch filter {
        case .length, .count:
            _ = try arguments.positional("length", 0...0)
            return .int(try length(of: value))
        case .list:
            _ = try arguments.positional("list", 0...0)
            return .list(try list(try items(of: value)))
        case .first:
            _ = try arguments.positional("first", 0...0)
            return try makeIterator(value).next(self) ?? .undefined(.other("there is no first item"))
        case .last: return try last(value, arguments)
        case .join: return try join(value, arguments)
        case .items:
            _ = try arguments.positional("items", 0...0)
            if value.isUndefined { return .iterator(ValueIterator([])) }
            guard case .map(let map) = value else { throw .evaluation("'items' needs a map, not \(value.typeName)") }
            return .iterator(ValueIterator(MapView(.items, of: map)))
        case .dictsort: return try dictsort(value, arguments)
        case .sort:
            let values = try arguments.bind("sort", ["reverse", "case_sensitive", "attribute"])
            return .list(try list(try sorted(try items(of: value), values[2], values[1].isTrue, values[0].isTrue)))
        case .groupby: return try groupBy(value, arguments)
        case .unique: return try unique(value, arguments)
        case .min, .max:
            let values = try arguments.bind(filter.rawValue, ["case_sensitive", "attribute"])
            let items = try items(of: value)
            let keys = try keys(items, try attributePath(values[1]), isCaseSensitive: values[0].isTrue)
            guard var best = items.indices.first else { return .undefined(.other("the sequence is empty")) }
            for index in items.indices.dropFirst() {
                let isBetter =
                    try filter == .min ? keys[index].isLess(than: keys[best]) : keys[best].isLess(than: keys[index])
                if isBetter { best = index }
            }
            return items[best]
        case .sum:
            let values = try arguments.bind("sum", ["attribute", "start"])
            let path = try attributePath(values[0])
            var sum = values[1] ?? .int(0)
            for item in try items(of: value) {
                sum = try compute(.add, sum, try self.value(at: path, of: item, default: nil))
            }
            return sum
        case .reverse:
            if case .string(let text) = value { return try slice(.string(text), start: nil, stop: nil, step: -1) }
            return .iterator(ValueIterator(try items(of: value).reversed()))
        default: return try chunks(filter, value, arguments)
        }
    }

    private func last(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        _ = try arguments.positional("last", 0...0)
        let empty = Value.undefined(.other("there is no last item"))
        switch value {
        case .list(let items), .tuple(let items): return items.items.last ?? empty
        case .string(let text):
            return text.isEmpty ? empty : try slice(value, start: -1, stop: nil, step: nil)
        case .iterator, .namespace: throw .evaluation("a \(value.typeName) can't be walked backwards")
        default: return try items(of: value).last ?? empty
        }
    }

    private func join(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("join", ["d", "attribute"])
        let separator = try values[0].map { (value) throws(RenderFailure) in try string(value) } ?? Text()
        let path = try attributePath(values[1])
        let iterator = try makeIterator(value)
        var result: [UInt8] = []
        var isFirst = true
        while let item = try iterator.next(self) {
            if !isFirst { result += separator.bytes }
            isFirst = false
            result += try string(try self.value(at: path, of: item, default: nil)).bytes
            guard result.count <= limits.textBytes else { throw .exhausted(.textBytes(limit: limits.textBytes)) }
        }
        return try made(Text(result))
    }

    private func sorted(
        _ items: [Value], _ attributes: Value?, _ isCaseSensitive: Bool, _ descending: Bool
    ) throws(RenderFailure) -> [Value] {
        guard case .string(let names)? = attributes else {
            let keys = try keys(items, try attributePath(attributes), isCaseSensitive: isCaseSensitive)
            return try items.sorted(by: keys, descending: descending)
        }
        // Several attributes sort by the first, then by the second, and so on.
        var paths: [[Value]] = []
        for name in names.split(separator: ",", limit: -1) { paths.append(try attributePath(.string(name))) }
        var keys: [Value] = []
        try charge(items.count * 8)
        for item in items {
            var parts: [Value] = []
            for path in paths { parts.append(try key(item, path, isCaseSensitive: isCaseSensitive)) }
            keys.append(.tuple(ListValue(parts)))
        }
        return try items.sorted(by: keys, descending: descending)
    }

    private func dictsort(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("dictsort", ["case_sensitive", "by", "reverse"])
        let order = try values[1].text("by") ?? "key"
        guard order == "key" || order == "value" else { throw .evaluation("'dictsort' sorts by 'key' or 'value'") }
        guard case .map(let map) = value else {
            if case .undefined(let origin) = value { throw origin.failure }
            throw .evaluation("'dictsort' needs a map, not \(value.typeName)")
        }
        let pairs = try items(of: .view(MapView(.items, of: map)))
        let keys = try keys(order == "key" ? map.keys : map.values, [], isCaseSensitive: values[0].isTrue)
        return .list(try list(try pairs.sorted(by: keys, descending: values[2].isTrue)))
    }

    private func unique(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("unique", ["case_sensitive", "attribute"])
        let path = try attributePath(values[1])
        let isCaseSensitive = values[0].isTrue
        let seen = MapValue()
        return .iterator(
            try ValueIterator(filtering: ValueIterator(deferring: value)) {
                [unowned self] (item) throws(RenderFailure) in
                let key = try hashable(try key(item, path, isCaseSensitive: isCaseSensitive))
                if seen.value(for: key) != nil { return false }
                seen.setValue(.none, for: key)
                return true
            })
    }

    /// Pairs of a key and the list of items that share it, in the order of the keys.
    private func groupBy(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("groupby", ["attribute", "default", "case_sensitive"], required: 1)
        let path = try attributePath(values[0])
        func groupKey(_ item: Value) throws(RenderFailure) -> Value {
            let key = try self.value(at: path, of: item, default: values[1])
            guard !values[2].isTrue, case .string(let text) = key else { return key }
            return .string(text.lowercased())
        }
        let items = try items(of: value)
        var keys: [Value] = []
        try charge(items.count * 8)
        for item in items { keys.append(try groupKey(item)) }
        var groups: [(key: Value, name: Value, items: [Value])] = []
        for item in try items.sorted(by: keys, descending: false) {
            let key = try groupKey(item)
            if let last = groups.indices.last, try groups[last].key.isEqual(to: key) {
                groups[last].items.append(item)
            } else {
                groups.append((key, try self.value(at: path, of: item, default: values[1]), [item]))
            }
        }
        var pairs: [Value] = []
        for group in groups { pairs.append(.tuple(try list([group.name, .list(try list(group.items))]))) }
        return .list(try list(pairs))
    }

    /// `batch` and `slice`: lists of a given length, or a given number of lists.
    private func chunks(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let isBatch = filter == .batch
        let values = try arguments.bind(
            filter.rawValue, [isBatch ? "linecount" : "slices", "fill_with"], required: 1)
        let size = try values[0].integer("the count", default: 1)
        guard size > 0 else { throw .evaluation("'\(filter.rawValue)' needs a positive count") }
        let items = try items(of: value)
        let fill = values[1].flatMap { $0.isNone ? nil : $0 }
        var result: [Value] = []
        if isBatch {
            for start in stride(from: 0, to: items.count, by: size) {
                var part = Array(items[start..<min(items.count, start + size)])
                if let fill {
                    try charge(size - part.count)
                    part += repeatElement(fill, count: size - part.count)
                }
                result.append(.list(try list(part)))
            }
        } else {
            try charge(size)
            var start = 0
            for index in 0..<size {
                let end = start + items.count / size + (index < items.count % size ? 1 : 0)
                var part = Array(items[start..<end])
                if let fill, index >= items.count % size { part.append(fill) }
                result.append(.list(try list(part)))
                start = end
            }
        }
        return .iterator(ValueIterator(result))
    }
}
