import Chat
import NIOHTTP1
import WireFormats

extension Endpoints {
    /// Saves, restores or erases what a slot holds, as llama-server does.
    func answerSlotAction(_ incoming: IncomingRequest, _ writer: ResponseWriter) async throws {
        guard let folder = slotFolder, let model = try find(nil).model as? any SlotKeeping else {
            throw APIError.notImplemented(
                "This server neither saves nor restores slots. Start it with --slot-save-path and a folder.")
        }
        let target = incoming.head.uri
        let path = target.prefix { $0 != "?" && $0 != "#" }
        let query = target.dropFirst(path.count).drop { $0 == "?" }.prefix { $0 != "#" }
        let action = query.split(separator: "&").first { $0.hasPrefix("action=") }?.dropFirst("action=".count)
        let request = try SlotRequest(
            id: String(path.drop { $0 == "/" }.drop { $0 != "/" }.dropFirst()), action: action.map(String.init),
            body: incoming.body)
        let start = ContinuousClock.now
        let transfer: SlotTransfer
        do {
            switch request.action {
            case .save(let name): transfer = try await model.saveSlot(request.slot, to: Self.place(name, in: folder))
            case .restore(let name):
                transfer = try await model.restoreSlot(request.slot, from: Self.place(name, in: folder))
            case .erase: transfer = try await model.eraseSlot(request.slot)
            }
        } catch let refusal as SlotRefusal {
            throw APIError(refusal)
        }
        try await writer.send(request.body(transfer, seconds: (ContinuousClock.now - start) / .seconds(1)))
    }

    /// A folder of ours, so that nothing else of this name is in danger.
    private static func place(_ name: String, in folder: String) -> String { "\(folder)/\(name).slot" }
}

extension APIError {
    fileprivate init(_ refusal: SlotRefusal) {
        switch refusal {
        case .noSuchSlot(let slot, let count):
            self = .badRequest(
                "There is no slot \(slot): the slots are 0 to \(count - 1).", parameter: "id", code: "invalid_value")
        case .keepsNone:
            self = .notImplemented("What this model keeps of a text can't be copied, so its slots can't be saved.")
        case .notWritten:
            self = APIError(
                status: 500, kind: .server, message: "The slot was not saved: is there room on disk?",
                code: "internal_error")
        case .notFound:
            self = .badRequest("Nothing is saved under this 'filename'.", parameter: "filename", code: "not_found")
        case .notReadable:
            self = .badRequest(
                "What is saved under this 'filename' is damaged, or of another model, adapter or type of cache.",
                parameter: "filename", code: "invalid_value")
        case .tooLong(let tokens, let context):
            self = .badRequest(
                "What is saved has \(tokens) tokens, and the model's context holds \(context).",
                parameter: "filename", code: "context_length_exceeded")
        }
    }
}
