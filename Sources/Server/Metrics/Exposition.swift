import Chat

/// All that a server tells of itself at one moment; as Prometheus reads it, or as the page does.
struct Exposition: Sendable {
    struct Model: Sendable {
        var name: String
        var contextLength: Int
        /// Nil where the model does not tell.
        var status: ModelStatus?
        /// Nil where it is always in memory.
        var residence: ModelResidence?
    }

    var counts: Metrics.Counts
    var running: Int
    var connections: Int
    var residentBytes: Int?
    var processorSeconds: Double
    /// Seconds since 1970.
    var started: Double
    var uptimeSeconds: Double
    var models: [Model]

    /// - SeeAlso: Docs/grafana-dashboard.json, which shows these.
    var prometheusText: String {
        var out = PrometheusText()
        addRequests(&out)
        addModels(&out)
        addResidence(&out)
        addCaches(&out)
        if let residentBytes {
            out.add(
                "process_resident_memory_bytes", .gauge, "Resident memory, mapped model files included.",
                Double(residentBytes))
        }
        out.add("process_cpu_seconds_total", .counter, "Processor time.", processorSeconds)
        out.add("process_start_time_seconds", .gauge, "Start of the server, in seconds since 1970.", started)
        return out.text
    }

    private func addRequests(_ out: inout PrometheusText) {
        let name = "martlet_http_requests_total"
        out.begin(name, .counter, "Requests that were answered, by route and status.")
        let outcomes = counts.requests.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
        for (outcome, count) in outcomes {
            out.sample(name, [("route", outcome.route), ("status", "\(outcome.status)")], Double(count))
        }
        out.add(
            "martlet_http_abandoned_total", .counter, "Requests whose client left before the end of the answer.",
            Double(counts.abandoned))
        out.add(
            "martlet_http_request_seconds", "Time from a request's arrival to the end of its answer.",
            counts.requestSeconds)
        out.add("martlet_http_requests_running", .gauge, "Requests that are being answered or wait.", Double(running))
        out.add("martlet_http_connections", .gauge, "Open connections.", Double(connections))
        out.add(
            "martlet_time_to_first_token_seconds", "Time from a request to the first piece of its answer.",
            counts.firstTokenSeconds)
        out.add(
            "martlet_inter_token_seconds", "Time between pieces of an answer, which are nearly always tokens.",
            counts.interTokenSeconds)
        out.add(
            "martlet_queue_seconds", "Time that answered requests waited before they were read.", counts.queueSeconds)
        out.add(
            "martlet_prompt_tokens_total", .counter, "Tokens of the prompts of answered requests.",
            Double(counts.promptTokens))
        out.add(
            "martlet_prompt_tokens_reused_total", .counter, "Those of them that were already in a cache.",
            Double(counts.reusedTokens))
        out.add(
            "martlet_answer_tokens_total", .counter, "Tokens generated for answered requests.",
            Double(counts.answerTokens))
    }

    private func addModels(_ out: inout PrometheusText) {
        let told = models.compactMap { model in model.status.map { (model, $0) } }
        func each(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (Model, ModelStatus) -> Int
        ) {
            out.begin(name, kind, help)
            for (model, status) in told {
                out.sample(name, [("model", model.name)], Double(value(model, status)))
            }
        }
        each("martlet_engine_slots", .gauge, "Sequences that fit at a time.") { $1.slots.count }
        each("martlet_engine_slots_busy", .gauge, "Sequences that are read or continued.") {
            $1.slots.count { $0.state != .idle }
        }
        each("martlet_engine_requests_waiting", .gauge, "Requests that wait for a slot.") { $1.waiting }
        each("martlet_engine_context_tokens", .gauge, "Tokens that fit into a slot.") { model, _ in model.contextLength
        }
        each("martlet_engine_held_tokens", .gauge, "Tokens that all slots hold.") {
            $1.slots.reduce(0) { $0 + $1.heldTokens }
        }
        each("martlet_engine_read_tokens_total", .counter, "Tokens of prompts that were evaluated.") { $1.readTokens }
        each("martlet_engine_generated_tokens_total", .counter, "Tokens that were generated.") { $1.generatedTokens }
    }

    private func addResidence(_ out: inout PrometheusText) {
        func each(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (ModelResidence) -> Double
        ) {
            out.begin(name, kind, help)
            for model in models {
                if let residence = model.residence { out.sample(name, [("model", model.name)], value(residence)) }
            }
        }
        each("martlet_model_loaded", .gauge, "Whether a model is in memory.") { $0.state == .loaded ? 1 : 0 }
        each("martlet_model_bytes", .gauge, "Memory that a model takes now, its contexts full.") {
            $0.state == .unloaded ? 0 : Double($0.byteCount)
        }
        each("martlet_model_loads_total", .counter, "Times that a model was brought into memory.") {
            Double($0.loads)
        }
        each("martlet_model_unloads_total", .counter, "Times that it left.") { Double($0.unloads) }
        each("martlet_model_load_failures_total", .counter, "Times that it could not be loaded.") {
            Double($0.failedLoads)
        }
        each("martlet_model_load_seconds_total", .counter, "Time that its loads took.") { $0.loadSeconds }
    }

    private func addCaches(_ out: inout PrometheusText) {
        let told = models.compactMap { model in model.status?.cache.map { (model.name, $0) } }
        func each(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (ModelStatus.PrefixCache) -> Int?
        ) {
            out.begin(name, kind, help)
            for (model, cache) in told {
                if let value = value(cache) { out.sample(name, [("model", model)], Double(value)) }
            }
        }
        each("martlet_cache_bytes", .gauge, "Memory of the prefix cache.") { $0.bytes }
        each("martlet_cache_capacity_bytes", .gauge, "What it may take.") { $0.capacityBytes }
        each("martlet_cache_lookups_total", .counter, "Prompts that were looked up in it.") { $0.lookups }
        each("martlet_cache_hits_total", .counter, "Prompts of which it held a beginning.") { $0.hits }
        each("martlet_cache_reused_tokens_total", .counter, "Tokens that it spared.") { $0.reusedTokens }
    }
}
