extension Comparison {
    /// Prefill and decode from an empty context.
    mutating func measureSpeed() {
        let run = BenchRun(prompt: plan.promptTokens, generation: plan.generatedTokens, repetitions: plan.repetitions)
        let standings = hold("speed", Contest(rounds: plan.rounds), benchContenders(run))
        add(
            "prefill \(run.prompt)", unit: "tokens/s", standings, Metric.prefill,
            target: .ratio(atLeast: plan.must.prefill))
        add(
            "decode \(run.generation)", unit: "tokens/s", standings, Metric.decode,
            target: .ratio(atLeast: plan.must.decode))
    }

    /// The same while a spinning process competes for the cores.
    mutating func measureContended() throws {
        let run = BenchRun(
            prompt: min(128, plan.promptTokens), generation: min(32, plan.generatedTokens),
            repetitions: plan.repetitions)
        let spinner = try ChildProcess(ownProgram, ["--spin"])
        defer { spinner.stop() }
        let standings = hold("contended", Contest(rounds: plan.rounds), benchContenders(run))
        add(
            "decode \(run.generation), one core kept busy", unit: "tokens/s", standings, Metric.decode,
            target: .ratio(atLeast: 2))
        add("prefill \(run.prompt), one core kept busy", unit: "tokens/s", standings, Metric.prefill, target: .none)
    }

    /// Decode behind a long context: ours with f16 and q8_0 KV, llama.cpp's with f16.
    mutating func measureLongDecode() {
        let run = BenchRun(
            prompt: 0, generation: min(32, plan.generatedTokens), depth: plan.depth,
            repetitions: 1)
        let standings = hold(
            "decode8k", Contest(rounds: plan.longRounds), benchContenders(run) + martletContenders(run, cache: .q8_0))
        add(
            "decode at \(plan.depth), f16 KV", unit: "tokens/s", standings, Metric.decode, own: "f16 KV",
            target: .ratio(atLeast: plan.must.deep))
        add(
            "decode at \(plan.depth), q8_0 KV", unit: "tokens/s", standings, Metric.decode, own: "q8_0 KV",
            reference: (.martlet, "f16 KV"), target: .ratio(atLeast: 1))
    }

    /// Prefill of a long prompt; llama.cpp's q8_0 is measured once and given up at the limit.
    mutating func measureLongPrefill() {
        let run = BenchRun(prompt: plan.depth, generation: 0, repetitions: 1)
        let standings = hold(
            "prefill8k", Contest(rounds: plan.longRounds), benchContenders(run) + martletContenders(run, cache: .q8_0))
        add(
            "prefill \(plan.depth), f16 KV", unit: "tokens/s", standings, Metric.prefill, own: "f16 KV", target: .none)
        add(
            "prefill \(plan.depth), q8_0 KV", unit: "tokens/s", standings, Metric.prefill, own: "q8_0 KV",
            reference: (.martlet, "f16 KV"), target: .ratio(atLeast: 0.9))
        var quantised = run
        quantised.cache = .q8_0
        let (llama, limit) = (llama, plan.slowLimitSeconds)
        let slow = Contender(side: .peer, setting: "\(LlamaCpp.Setting.all[1]) q8_0 KV") { [quantised] in
            try llama.speeds(llama.bench(quantised, LlamaCpp.Setting.all[1], timeoutSeconds: limit).run())
        }
        let slowStandings = hold("prefill8k-peer-q8_0", Contest(rounds: 1), [slow])
        add(
            "prefill \(plan.depth), q8_0 KV in both", unit: "tokens/s",
            standings.filter { $0.setting == "q8_0 KV" } + slowStandings, Metric.prefill, target: .none)
    }

    /// llama.cpp's settings that this machine can hold: repacking makes a second copy of the weights.
    var settings: [LlamaCpp.Setting] {
        let holdsTwo = Double(2 * report.model.bytes) < report.machine.memoryGiB * 1_073_741_824
        return LlamaCpp.Setting.all.filter { !$0.repack || holdsTwo }
    }

    /// martlet once, then llama.cpp with each setting.
    private func benchContenders(_ run: BenchRun) -> [Contender] {
        let llama = llama
        return martletContenders(run, cache: .f16)
            + settings.map { setting in
                Contender(side: .peer, setting: "\(setting)") { try llama.speeds(llama.bench(run, setting).run()) }
            }
    }

    private func martletContenders(_ run: BenchRun, cache: BenchRun.Cache) -> [Contender] {
        guard let martlet else { return [] }
        var run = run
        run.cache = cache
        return [
            Contender(side: .martlet, setting: "\(cache.rawValue) KV") { [run] in
                try Martlet.speeds(fromBench: martlet.bench(run).run().standardOutput)
            }
        ]
    }
}
