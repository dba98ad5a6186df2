import Testing

import SideBySide

@Suite struct PlanTests {
    private func plan(_ arguments: String..., environment: [String: String] = [:]) throws -> Plan {
        guard case .compare(let plan) = try Plan.parse(arguments, environment: environment) else {
            throw PlanError.noModel
        }
        return plan
    }

    @Test("everything is measured unless groups are named") func groups() throws {
        #expect(try plan("--model", "m").groups == Plan.Group.allCases)
        #expect(try plan("--model", "m", "--only", "greedy,speed").groups == [.greedy, .speed])
        #expect(throws: PlanError.unknownGroup("speeed")) { try plan("--model", "m", "--only", "speeed") }
    }

    @Test("sizes given by hand win over --quick") func quick() throws {
        let quick = try plan("--rounds", "7", "--model", "m", "--quick")
        #expect(quick.rounds == 7)
        #expect(quick.promptTokens == 128)
    }

    @Test("MARTLET_LLAMA_CPP names llama.cpp's folder, --llama wins over it") func llamaFolder() throws {
        let environment = ["MARTLET_LLAMA_CPP": "/a"]
        #expect(try plan("-m", "m", environment: environment).llamaFolder == "/a")
        #expect(try plan("-m", "m", "--llama", "/b", environment: environment).llamaFolder == "/b")
    }

    @Test("--must names the ratios that differ from a dense model's") func must() throws {
        #expect(try plan("-m", "m").must == Plan.Must())
        let must = try plan("-m", "m", "--must", "decode=1.5,deep=1.25").must
        #expect((must.prefill, must.decode, must.deep) == (1.2, 1.5, 1.25))
        for text in ["decode", "decode=", "decode=fast", "decode=-1", "decode=nan", "dekode=1"] {
            #expect(throws: PlanError.notARatio(text)) { try plan("-m", "m", "--must", text) }
        }
    }

    @Test("a bad command line says what is wrong with it") func errors() {
        #expect(throws: PlanError.noModel) { try plan() }
        #expect(throws: PlanError.noValue("--rounds")) { try plan("--rounds") }
        #expect(throws: PlanError.notACount(option: "--threads", value: "0")) { try plan("--threads", "0") }
        #expect(throws: PlanError.unknownArgument("--fast")) { try plan("--fast") }
    }
}
