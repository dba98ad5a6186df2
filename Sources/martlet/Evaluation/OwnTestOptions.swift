import ArgumentParser
import Evaluation
import Foundation
import Workspaces

/// How the tests of a user's own repository run.
struct OwnTestOptions: ParsableArguments {
    @Option(
        name: .customLong("readable"),
        help: ArgumentHelp(
            "Own tasks: a folder that their tests may read, beside /usr. May be given several times.",
            valueName: "folder"), completion: .directory)
    var readable: [String] = []
    @Option(
        name: .customLong("env"),
        help: ArgumentHelp(
            "Own tasks: a variable that their tests see. May be given several times.", valueName: "name=value"))
    var variables: [String] = []

    func validate() throws {
        guard variables.allSatisfy({ $0.contains("=") && !$0.hasPrefix("=") }) else {
            throw ValidationError("--env takes NAME=VALUE.")
        }
    }

    func tests(_ sandbox: Sandbox) -> RepositoryTests {
        let environment = variables.map { variable in
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts[1])
        }
        return RepositoryTests(
            sandbox, readable: readable.map { URL(fileURLWithPath: $0).standardizedFileURL.path },
            environment: Dictionary(environment) { $1 })
    }
}
