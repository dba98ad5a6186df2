/// Plain data handed to a template: what JSON can say, with the order of keys kept.
package enum TemplateValue: Hashable, Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    /// Decimal digits, with a sign if negative, of an integer beyond 64 bits. Templates can print and compare it.
    case largeInteger(String)
    case float(Double)
    case string(String)
    case list([TemplateValue])
    case map(TemplateMap)
}

/// String keys to values, in insertion order. Built for tens of entries: lookup scans.
package struct TemplateMap: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var value: TemplateValue

        package init(key: String, value: TemplateValue) {
            self.key = key
            self.value = value
        }
    }

    /// Entries with distinct keys.
    package private(set) var entries: [Entry]

    package init() {
        entries = []
    }

    /// - Parameter uniqueEntries: entries whose keys the caller knows to be distinct.
    init(uniqueEntries: [Entry]) {
        entries = uniqueEntries
    }

    /// The value of `key`, nil when there is none. Setting an existing key keeps its position; setting nil removes it.
    package subscript(key: String) -> TemplateValue? {
        get {
            entries.first { Self.same($0.key, key) }?.value
        }
        set {
            let index = entries.firstIndex { Self.same($0.key, key) }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Byte equality: `String.==` would take canonically equivalent keys for one.
    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }
}

extension TemplateMap: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}

extension TemplateValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .float(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .none }
    package init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, TemplateValue)...) {
        var map = TemplateMap()
        for (key, value) in elements { map[key] = value }
        self = .map(map)
    }
}
