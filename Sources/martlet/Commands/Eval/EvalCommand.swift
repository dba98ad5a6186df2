import ArgumentParser

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure what models can do.",
        discussion: """
            What models write is run in a sandbox: without a network, with nothing of this machine but /usr to read. \
            'martlet doctor' says whether this machine can do that.
            """,
        subcommands: [
            EvalRunCommand.self, EvalInitCommand.self, EvalCompareCommand.self, EvalReportCommand.self,
            EvalScaleCommand.self, EvalContaminationCommand.self, EvalCostCommand.self,
        ])
}
