package import Chat
package import JSON

/// What llama-server tells of itself: `GET /props`, `/slots`, `/lora-adapters`.
package enum LlamaModelReport {
    package static func props(
        name: String, _ facts: ModelFacts, contextLength: Int, sequences: Int, defaults: ResponseOptions, build: String
    ) -> JSONValue {
        [
            "default_generation_settings": [
                "id": 0, "n_ctx": .integer(contextLength), "params": settings(defaults, streams: false),
            ],
            "total_slots": .integer(sequences), "model_alias": .string(name), "model_path": .string(facts.path),
            "modalities": ["vision": false, "audio": false], "chat_template": .string(facts.chatTemplate ?? ""),
            "bos_token": .string(facts.beginOfSequence ?? ""), "eos_token": .string(facts.endOfSequence ?? ""),
            "build_info": .string(build),
        ]
    }

    /// Requests take whichever slot is free: those at work are the first ones.
    package static func slots(count: Int, running: Int, contextLength: Int) -> JSONValue {
        .array(
            (0..<count).map {
                ["id": .integer($0), "n_ctx": .integer(contextLength), "is_processing": .bool($0 < running)]
            })
    }

    /// The answer of `GET /lora-adapters`.
    package static func adapters(_ adapters: [AdapterFacts]) -> JSONValue {
        .array(
            adapters.map {
                [
                    "id": .integer($0.id), "name": .string($0.name), "path": .string($0.path),
                    "scale": .number($0.scale),
                ]
            })
    }

    static func settings(_ options: ResponseOptions, streams: Bool) -> JSONValue {
        [
            "seed": options.seed.map { .integer(Int(truncatingIfNeeded: $0)) } ?? -1,
            "temperature": .number(options.temperature), "top_k": .integer(options.topK),
            "top_p": .number(options.topP), "min_p": .number(options.minP), "typical_p": .number(options.typicalP),
            "repeat_last_n": .integer(options.penaltyWindow), "repeat_penalty": .number(options.repetitionPenalty),
            "presence_penalty": .number(options.presencePenalty),
            "frequency_penalty": .number(options.frequencyPenalty),
            "dry_multiplier": .number(options.dry.multiplier), "dry_base": .number(options.dry.base),
            "dry_allowed_length": .integer(options.dry.allowedLength),
            "dry_penalty_last_n": .integer(options.dry.window),
            "n_predict": .integer(options.maxTokens ?? -1), "n_probs": .integer(options.logProbabilities ?? 0),
            "stop": .array(options.stops.map { .string($0) }), "stream": .bool(streams),
        ]
    }
}
