package import Chat
package import JSON

/// llama-server's `POST /slots/{id}?action=...`.
/// - SeeAlso: llama.cpp, tools/server/README.md.
package struct SlotRequest: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// To and from a file of this name.
        case save(name: String)
        case restore(name: String)
        case erase
    }

    package var slot: Int
    package var action: Action

    /// - Parameters:
    ///   - id: of the path.
    ///   - action: of the query.
    ///   - body: empty where there is none.
    package init(id: String, action: String?, body: [UInt8]) throws(APIError) {
        guard let slot = Int(id), slot >= 0 else {
            throw .badRequest("A slot is a number from 0.", parameter: "id", code: "invalid_value")
        }
        self.slot = slot
        switch action {
        case "erase"?: self.action = .erase
        case "save"?: self.action = .save(name: try Self.name(body))
        case "restore"?: self.action = .restore(name: try Self.name(body))
        default:
            throw .badRequest(
                "'action' of the query must be save, restore or erase.", parameter: "action", code: "invalid_value")
        }
    }

    /// A name that stays in its folder on every system, and is visible there.
    private static func name(_ body: [UInt8]) throws(APIError) -> String {
        let fields = try RequestFields(body: body)
        guard let name = try fields.string("filename") else {
            throw fields.wrong("filename", expected: "the name of a file")
        }
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F && !"/\\:*?\"<>|".unicodeScalars.contains(scalar)
        }
        guard (1...128).contains(name.utf8.count), isPlain, !name.hasPrefix("."), !name.hasPrefix(" "),
            !name.hasSuffix("."), !name.hasSuffix(" ")
        else {
            throw .badRequest(
                "'filename' must be the name of a file, of up to 128 bytes: no path, and nothing hidden.",
                parameter: "filename", code: "invalid_value")
        }
        return name
    }

    /// - Parameter seconds: that it took.
    package func body(_ transfer: SlotTransfer, seconds: Double) -> JSONValue {
        let slot = JSONValue.integer(slot)
        let (tokens, bytes) = (JSONValue.integer(transfer.tokens), JSONValue.integer(transfer.bytes))
        let milliseconds = JSONValue.number(seconds * 1000)
        switch action {
        case .save(let name):
            return [
                "id_slot": slot, "filename": .string(name), "n_saved": tokens, "n_written": bytes,
                "timings": ["save_ms": milliseconds],
            ]
        case .restore(let name):
            return [
                "id_slot": slot, "filename": .string(name), "n_restored": tokens, "n_read": bytes,
                "timings": ["restore_ms": milliseconds],
            ]
        case .erase: return ["id_slot": slot, "n_erased": tokens]
        }
    }
}
