internal import CYAML

extension YAMLNode {
    /// The only document in some bytes of UTF-8 or UTF-16.
    /// - Throws: also for aliases, which can name one text a billion times, and for more than 64 levels.
    package init(parsing bytes: [UInt8]) throws(YAMLError) {
        // The reader keeps the address of the bytes: they stay where they are until it is gone.
        let result = unsafe bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(YAMLError) in
                let reader = try unsafe YAMLReader(bytes)
                return try reader.document()
            }
        }
        self = try result.get()
    }
}

/// libyaml's events, made into nodes.
@safe
private struct YAMLReader: ~Copyable {
    private static let maximumDepth = 64

    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// - Parameter bytes: stay where they are as long as this does.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) != 0 else {
            unsafe parser.deallocate()
            throw YAMLError(line: 1, reason: "there is no memory to read it")
        }
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    func document() throws(YAMLError) -> YAMLNode {
        while true {
            let event = try next()
            switch event.kind {
            case .streamStart, .documentStart: continue
            case .streamEnd: throw YAMLError(line: event.line, reason: "there is nothing in it")
            default: break
            }
            let node = try node(event, depth: 0)
            _ = try next()
            let end = try next()
            guard end.kind == .streamEnd else {
                throw YAMLError(line: end.line, reason: "a second document begins here; only one is read")
            }
            return node
        }
    }

    private func node(_ event: Event, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth < Self.maximumDepth else {
            throw YAMLError(line: event.line, reason: "it is nested more than \(Self.maximumDepth) levels deep")
        }
        switch event.kind {
        case .scalar(let text, let isPlain):
            return YAMLNode(content: .scalar(text, isPlain: isPlain), line: event.line)
        case .sequenceStart:
            var elements: [YAMLNode] = []
            while case let element = try next(), element.kind != .sequenceEnd {
                elements.append(try node(element, depth: depth + 1))
            }
            return YAMLNode(content: .sequence(elements), line: event.line)
        case .mappingStart:
            var entries: [String: YAMLNode] = [:]
            while case let key = try next(), key.kind != .mappingEnd {
                guard case .scalar(let name, _) = key.kind else {
                    throw YAMLError(line: key.line, reason: "a key is not a text")
                }
                let value = try node(try next(), depth: depth + 1)
                guard entries.updateValue(value, forKey: name) == nil else {
                    throw YAMLError(line: key.line, reason: "'\(name)' is there twice")
                }
            }
            return YAMLNode(content: .mapping(entries), line: event.line)
        case .alias: throw YAMLError(line: event.line, reason: "aliases (*name) are not read; write the value again")
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw YAMLError(line: event.line, reason: "a value is missing")
        }
    }

    /// What comes next in a document.
    private struct Event {
        enum Kind: Equatable {
            case streamStart, streamEnd, documentStart, documentEnd
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd, alias
            case scalar(String, isPlain: Bool)
        }

        var kind: Kind
        var line: Int
    }

    private func next() throws(YAMLError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) != 0 else {
            let reason = unsafe parser.pointee.problem.map { unsafe String(cString: $0) }
            // Errors of the encoding have no mark of their own.
            let line = unsafe max(parser.pointee.problem_mark.line, parser.pointee.mark.line)
            throw YAMLError(line: Int(line) + 1, reason: reason ?? "it can't be read")
        }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe Event(kind: kind(event), line: Int(event.start_mark.line) + 1)
    }

    private func kind(_ event: yaml_event_t) -> Event.Kind {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_ALIAS_EVENT: return .alias
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return unsafe .scalar(
                String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        default: return .streamEnd
        }
    }
}
