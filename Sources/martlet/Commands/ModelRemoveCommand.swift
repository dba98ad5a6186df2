import ArgumentParser
import ModelFiles

struct ModelRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove models, or what interrupted pulls left of them.")

    @Argument(help: "Names as 'martlet model list' shows them.")
    var models: [String]

    @OptionGroup var storeOptions: ModelStoreOptions

    func run() throws {
        let store = try storeOptions.store()
        var allFound = true
        for model in models {
            guard let removal = try store.remove(model) else {
                allFound = false
                try TextOutput.notes.print(
                    "martlet: \(model) is not on this machine. 'martlet model list' shows what is.")
                continue
            }
            let freed = removal.byteCount > 0 ? " (\(ByteCount(removal.byteCount)))" : ""
            let what = removal.wasPartial ? "the partial download of \(removal.name)" : removal.name
            try TextOutput.results.print("removed \(what)\(freed)")
        }
        if !allFound { throw ExitCode(1) }
    }
}
