package import Workspaces

/// How the lines of a data set are read, asked and checked.
package enum DataSetForm: Hashable, Sendable {
    case humanEval
    case mbpp(plus: Bool)
    case infilling
    case cruxEval(CruxEval.Side)
    case multiplE(ProgramLanguage)

    /// - Parameter prefilled: answers are made to begin as the prompt says.
    package func tasks(_ lines: [UInt8], _ sandbox: Sandbox, prefilled: Bool) throws -> [SuiteTask] {
        let grader = FunctionGrader(sandbox)
        return switch self {
        case .humanEval: try HumanEval(lines: lines).tasks(grader, prefilled: prefilled)
        case .mbpp(let plus): try MBPP(lines: lines, plus: plus).tasks(grader, prefilled: prefilled)
        case .infilling: try Infilling(lines: lines).tasks(grader)
        case .cruxEval(let side): try CruxEval(lines: lines).tasks(side, grader, prefilled: prefilled)
        case .multiplE(let language):
            try MultiPLE(lines: lines, language: language.name).tasks(
                ProgramGrader(sandbox, language), prefilled: prefilled)
        }
    }

    /// What models are asked; nil where tasks have nothing but themselves.
    package var prompt: SuitePrompt? {
        switch self {
        case .humanEval: HumanEval.prompt
        case .mbpp: MBPP.prompt
        case .infilling: nil
        case .cruxEval(let side): CruxEval.prompt(side)
        case .multiplE: MultiPLE.prompt
        }
    }
}
