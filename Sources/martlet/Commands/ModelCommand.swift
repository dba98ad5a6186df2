import ArgumentParser
import Foundation
import ModelFiles
import Settings

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Pull, list, show, fit, remove, verify, convert and quantise models.",
        discussion: """
            A model is named as in the catalogue (qwen2.5-coder:1.5b, or qwen2.5-coder for the usual size), as \
            hf:owner/repository/file.gguf[@revision], or by the path of a GGUF file.
            """,
        subcommands: [
            ModelPullCommand.self, ModelListCommand.self, ModelShowCommand.self, ModelRemoveCommand.self,
            ModelVerifyCommand.self, ModelFitCommand.self, ModelConvertCommand.self, ModelQuantizeCommand.self,
            ModelImatrixCommand.self, ModelSynthesizeCommand.self,
        ])
}

/// Where the models are.
struct ModelStoreOptions: ParsableArguments {
    @Option(
        name: .customLong("models"),
        help: ArgumentHelp("Folder that downloaded models are kept in.", valueName: "folder"), completion: .directory)
    var folder: String?

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.models, folder.map(SettingValue.text))
    }

    func store() throws -> ModelStore {
        var flags = SettingsLayer()
        try add(to: &flags)
        return try ModelStore(root: ResolvedSettings(flags: flags).plan.modelsFolder)
    }
}

/// A licence as reports print it.
struct LicenceReport: Encodable {
    var name: String
    var `class`: String

    init(_ licence: Licence) {
        name = licence.name
        `class` = licence.class.rawValue
    }
}

extension Licence {
    /// For people: the class says what the name may not tell.
    var text: String { self.class == .unknown && name == "unknown" ? "unknown" : "\(name) (\(self.class.rawValue))" }
}

extension StoredModel {
    /// As the other commands find it.
    var firstPath: String { modelPath }
}
