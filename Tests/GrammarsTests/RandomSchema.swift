import TestSupport

/// Random schemas as JSON text, and for each a way to make valid documents that does not go through the compiler.
struct RandomSchema {
    /// A schema and a generator of its values.
    struct Sample {
        var schema: String
        var document: (inout SplitMix64) -> String
        /// What values can be: for `oneOf`, whose alternatives must differ in it.
        var kind: String
    }

    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A schema with recursive definitions.
    mutating func document() -> Sample {
        let inner = sample(depth: 3)
        guard random.below(4) == 0 else { return inner }
        let leaf = sample(depth: 0)
        let definitions = """
            "$defs": {"tree": {"type": "object", "properties": {"value": \(leaf.schema), \
            "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, "required": ["value"], \
            "additionalProperties": false}}
            """
        return Sample(
            schema: """
                {"type": "object", "properties": {"root": {"$ref": "#/$defs/tree"}, "other": \(inner.schema)}, \
                "required": ["root", "other"], "additionalProperties": false, \(definitions)}
                """,
            document: { random in
                func tree(_ depth: Int, _ random: inout SplitMix64) -> String {
                    let value = leaf.document(&random)
                    guard depth > 0, random.below(2) == 0 else { return "{\"value\":\(value)}" }
                    let children = (0..<random.below(3)).map { _ in tree(depth - 1, &random) }
                    return "{\"value\":\(value),\"children\":[\(children.joined(separator: ","))]}"
                }
                return "{\"root\":\(tree(3, &random)),\"other\":\(inner.document(&random))}"
            }, kind: "object")
    }

    private mutating func sample(depth: Int) -> Sample {
        switch random.below(depth > 0 ? 14 : 8) {
        case 0: Sample(schema: "{\"type\":\"null\"}", document: { _ in "null" }, kind: "null")
        case 1:
            Sample(schema: "{\"type\":\"boolean\"}", document: { $0.below(2) == 0 ? "true" : "false" }, kind: "boolean")
        case 2: integer()
        case 3: number()
        case 4: string()
        case 5: pattern()
        case 6: format()
        case 7: enumeration()
        case 8: array(depth)
        case 9: tuple(depth)
        case 10: alternatives(depth)
        case 11: merged(depth)
        default: object(depth)
        }
    }

    private mutating func integer() -> Sample {
        let spread = [10, 1_000, 1_000_000_000][random.below(3)]
        let low = random.below(2 * spread) - spread
        let high = low + random.below(spread)
        switch random.below(4) {
        case 0:
            return Sample(
                schema: "{\"type\":\"integer\"}", document: { "\($0.below(1 << 40) - 1 << 39)" }, kind: "number")
        case 1:
            return Sample(
                schema: "{\"type\":\"integer\",\"minimum\":\(low)}", document: { "\(low + $0.below(1 << 33))" },
                kind: "number")
        case 2:
            return Sample(
                schema: "{\"type\":\"integer\",\"exclusiveMaximum\":\(low).5}",
                document: { "\(low - 1 - $0.below(3 * spread))" },
                kind: "number")
        default:
            return Sample(
                schema: "{\"type\":\"integer\",\"minimum\":\(low),\"maximum\":\(high)}",
                document: { "\(low + $0.below(high - low + 1))" }, kind: "number")
        }
    }

    private mutating func number() -> Sample {
        // Hundredths, so that bounds and samples are exact.
        let low = random.below(4_000) - 2_000
        let high = low + 1 + random.below(2_000)
        func text(_ hundredths: Int) -> String {
            let magnitude = abs(hundredths)
            let fraction = ["", ".\(magnitude % 100 / 10)", ".\(magnitude % 100 / 10)\(magnitude % 10)"]
            let digits = magnitude % 100 == 0 ? 0 : magnitude % 10 == 0 ? 1 : 2
            return "\(hundredths < 0 ? "-" : "")\(magnitude / 100)\(fraction[digits])"
        }
        if random.below(3) == 0 {
            return Sample(
                schema: "{\"type\":\"number\"}", document: { ["0", "-1.5e10", "3.25", "17", "2E-3"][$0.below(5)] },
                kind: "number")
        }
        return Sample(
            schema: "{\"type\":\"number\",\"exclusiveMinimum\":\(text(low)),\"maximum\":\(text(high))}",
            document: { text(low + 1 + $0.below(high - low)) }, kind: "number")
    }

    private static func text(_ random: inout SplitMix64, _ count: Int) -> String {
        let characters = [
            "a", "Z", " ", "é", "€", "😀", "\\\"", "\\\\", "\\n", "/", "\\/", "\\u0041", "\\ud83d\\ude00", "\\u001f",
            "\u{7f}",
        ]
        return "\"" + (0..<count).map { _ in characters[random.below(characters.count)] }.joined() + "\""
    }

    private mutating func string() -> Sample {
        let (low, more) = (random.below(4), random.below(5))
        switch random.below(3) {
        case 0:
            return Sample(schema: "{\"type\":\"string\"}", document: { Self.text(&$0, $0.below(8)) }, kind: "string")
        case 1:
            return Sample(
                schema: "{\"type\":\"string\",\"minLength\":\(low)}", document: { Self.text(&$0, low + $0.below(5)) },
                kind: "string")
        default:
            return Sample(
                schema: "{\"type\":\"string\",\"minLength\":\(low),\"maxLength\":\(low + more)}",
                document: { Self.text(&$0, low + $0.below(more + 1)) }, kind: "string")
        }
    }

    private mutating func pattern() -> Sample {
        let patterns: [(String, [String])] = [
            ("^[a-z]{2,5}$", ["ab", "hello"]), ("^(yes|no)$", ["yes", "no"]), ("\\\\d+", ["a1b", "12"]),
            ("^\\\"[^\\\"]*\\\"$", ["\\\"\\\"", "\\\"x\\\""]), ("é|\\n", ["caf\u{e9}", "a\\nb"]),
            ("^\\\\w+\\\\.\\\\w+$", ["a.b", "x_1.y2"]), ("^a|b$", ["axx", "xxb"]),
        ]
        let (pattern, samples) = patterns[random.below(patterns.count)]
        return Sample(
            schema: "{\"type\":\"string\",\"pattern\":\"\(pattern)\"}",
            document: { "\"\(samples[$0.below(samples.count)])\"" },
            kind: "string")
    }

    private mutating func format() -> Sample {
        let formats: [(String, [String])] = [
            ("date", ["2024-02-29", "1999-12-31", "0004-02-29"]), ("time", ["23:59:59Z", "00:00:00.123+02:00"]),
            ("date-time", ["2024-01-31T12:00:00Z"]), ("uuid", ["123e4567-e89b-12d3-a456-426614174000"]),
            ("email", ["a.b@example.com"]), ("ipv4", ["0.0.0.0", "255.249.199.9"]),
        ]
        let (format, samples) = formats[random.below(formats.count)]
        return Sample(
            schema: "{\"type\":\"string\",\"format\":\"\(format)\"}",
            document: { "\"\(samples[$0.below(samples.count)])\"" },
            kind: "string")
    }

    private mutating func enumeration() -> Sample {
        let values = ["1", "-2.5", "\"a\"", "\"ab\"", "\"\\u00e9\"", "null", "true", "[1,\"x\"]", "{\"k\":[]}"]
        let written = ["1", "-2.5", "\"a\"", "\"ab\"", "\"é\"", "null", "true", "[1,\"x\"]", "{\"k\":[]}"]
        let chosen = (0..<1 + random.below(4)).map { _ in random.below(values.count) }
        if chosen.count == 1 {
            return Sample(
                schema: "{\"const\":\(values[chosen[0]])}", document: { _ in written[chosen[0]] }, kind: "any")
        }
        return Sample(
            schema: "{\"enum\":[\(chosen.map { values[$0] }.joined(separator: ","))]}",
            document: { written[chosen[$0.below(chosen.count)]] }, kind: "any")
    }

    private mutating func array(_ depth: Int) -> Sample {
        let item = sample(depth: depth - 1)
        let (low, more) = (random.below(3), random.below(3))
        let bounds = ["", ",\"minItems\":\(low)", ",\"minItems\":\(low),\"maxItems\":\(low + more)"][random.below(3)]
        return Sample(
            schema: "{\"type\":\"array\",\"items\":\(item.schema)\(bounds)}",
            document: { random in
                let count = low + random.below(more + 1)
                return "[\((0..<count).map { _ in item.document(&random) }.joined(separator: ","))]"
            }, kind: "array")
    }

    private mutating func tuple(_ depth: Int) -> Sample {
        let parts = (0..<1 + random.below(3)).map { _ in sample(depth: depth - 1) }
        let rest = sample(depth: 0)
        let low = random.below(parts.count + 2)
        let isOpen = random.below(2) == 0 || low > parts.count
        return Sample(
            schema: """
                {"type":"array","prefixItems":[\(parts.map(\.schema).joined(separator: ","))],"minItems":\(low),\
                "items":\(isOpen ? rest.schema : "false")}
                """,
            document: { random in
                let count = max(low, random.below(parts.count + (isOpen ? 3 : 1)))
                let items = (0..<count).map { $0 < parts.count ? parts[$0].document(&random) : rest.document(&random) }
                return "[\(items.joined(separator: ","))]"
            }, kind: "array")
    }

    private mutating func object(_ depth: Int) -> Sample {
        let names = ["a", "ab", "é", "x y", "q\\\"", "\\n"]
        let count = random.below(5)
        let properties = (0..<count).map {
            (name: names[$0], sample: sample(depth: depth - 1), isRequired: random.below(2) == 0)
        }
        let further = sample(depth: 0)
        let rule = ["", ",\"additionalProperties\":false", ",\"additionalProperties\":\(further.schema)"]
        let openness = random.below(3)
        let isOpen = openness == 2
        let required = properties.filter(\.isRequired).map { "\"\($0.name)\"" }.joined(separator: ",")
        return Sample(
            schema: """
                {"type":"object","properties":{\(properties.map { "\"\($0.name)\":\($0.sample.schema)" }.joined(separator: ","))},\
                "required":[\(required)]\(rule[openness])}
                """,
            document: { random in
                var members: [String] = []
                for property in properties where property.isRequired || random.below(2) == 0 {
                    members.append("\"\(property.name)\":\(property.sample.document(&random))")
                }
                for index in 0..<(isOpen ? random.below(3) : 0) {
                    members.append("\"\(["b", "abc", "\\\\"][index])\":\(further.document(&random))")
                }
                return "{\(members.joined(separator: ","))}"
            }, kind: "object")
    }

    private mutating func alternatives(_ depth: Int) -> Sample {
        var choices = (0..<2 + random.below(3)).map { _ in sample(depth: depth - 1) }
        var keyword = "anyOf"
        if random.below(2) == 0 {
            keyword = "oneOf"
            var kinds: Set<String> = ["any"]
            choices = choices.filter { kinds.insert($0.kind).inserted }
            if choices.isEmpty { choices = [integer()] }
        }
        let kept = choices
        return Sample(
            schema: "{\"\(keyword)\":[\(kept.map(\.schema).joined(separator: ","))]}",
            document: { kept[$0.below(kept.count)].document(&$0) }, kind: kept.count == 1 ? kept[0].kind : "any")
    }

    /// Objects in two halves, with a discriminator beside.
    private mutating func merged(_ depth: Int) -> Sample {
        let (first, second) = (sample(depth: depth - 1), sample(depth: depth - 1))
        let keyword = random.below(2) == 0 ? "anyOf" : "oneOf"
        return Sample(
            schema: """
                {"type":"object","allOf":[{"properties":{"f":\(first.schema)},"required":["f"]}],\
                "\(keyword)":[{"properties":{"kind":{"const":"one"},"s":\(second.schema)},"required":["kind"]},\
                {"properties":{"kind":{"enum":["two","three"]}},"required":["kind"]}]}
                """,
            document: { random in
                let start = "{\"f\":\(first.document(&random)),\"kind\":"
                switch random.below(4) {
                case 0: return start + "\"two\"}"
                case 1: return start + "\"three\"}"
                case 2: return start + "\"one\"}"
                default: return start + "\"one\",\"s\":\(second.document(&random))}"
                }
            }, kind: "object")
    }
}
