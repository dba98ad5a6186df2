package import Workspaces

extension SuiteEntry {
    /// - Parameters:
    ///   - lines: of the data set.
    ///   - prefilled: answers are made to begin as the prompt says.
    package func tasks(_ lines: [UInt8], _ sandbox: Sandbox, prefilled: Bool) throws -> [SuiteTask] {
        let grader = FunctionGrader(sandbox)
        return switch kind {
        case .humanEval: try HumanEval(lines: lines).tasks(grader, prefilled: prefilled)
        case .mbpp(let plus): try MBPP(lines: lines, plus: plus).tasks(grader, prefilled: prefilled)
        case .infilling: try Infilling(lines: lines).tasks(grader)
        case .cruxEval(let side): try CruxEval(lines: lines).tasks(side, grader, prefilled: prefilled)
        case .multiplE(let language):
            try MultiPLE(lines: lines, language: language.name).tasks(
                ProgramGrader(sandbox, language), prefilled: prefilled)
        }
    }
}
