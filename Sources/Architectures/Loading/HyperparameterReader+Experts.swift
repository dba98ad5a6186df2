internal import ModelFiles
internal import Tensors

extension HyperparameterReader {
    /// Experts of a layer and how many of them a token takes; nil for models without.
    func experts() throws(ModelError) -> (count: Int, used: Int)? {
        let count = try integer("expert_count", in: 0...1 << 16, default: 0)
        guard count > 0 else { return nil }
        return (count, try integer("expert_used_count", in: 1...count))
    }

    /// The same for families that always have them.
    func requiredExperts() throws(ModelError) -> (count: Int, used: Int) {
        let count = try integer("expert_count", in: 1...1 << 16)
        return (count, try integer("expert_used_count", in: 1...count))
    }

    /// Elements between the halves of an expert.
    func expertHidden(default fallback: Int? = nil) throws(ModelError) -> Int {
        try integer("expert_feed_forward_length", in: 1...1 << 22, default: fallback)
    }

    /// How experts are chosen: as the file says, and where it is silent, as the family does.
    /// - Parameter groupScore: what a group of experts is worth where the file has groups.
    func routing(
        _ experts: (count: Int, used: Int), scoring: ExpertRouting.Scoring, normalizes: Bool,
        selectionBias: Vector? = nil, groupScore: ExpertRouting.GroupScore = .sumOfBestTwo
    ) throws(ModelError) -> ExpertRouting {
        var routing = ExpertRouting(
            used: experts.used, scoring: try self.scoring(default: scoring), selectionBias: selectionBias,
            normalizes: metadata.bool("\(architecture).expert_weights_norm") ?? normalizes,
            scale: try expertScale())
        // Files without groups may spell that as none.
        routing.groups = max(1, try integer("expert_group_count", in: 0...experts.count, default: 1))
        routing.groupsUsed = try integer("expert_group_used_count", in: 0...routing.groups, default: routing.groups)
        if routing.groups == 1 || routing.groupsUsed == 0 { routing.groupsUsed = routing.groups }
        routing.groupScore = groupScore
        guard experts.count % routing.groups == 0 else {
            throw invalid("expert_group_count", routing.groups, expected: "a divisor of \(experts.count) experts")
        }
        let reachable = experts.count / routing.groups * routing.groupsUsed
        guard experts.used <= reachable else {
            throw invalid(
                "expert_group_used_count", routing.groupsUsed,
                expected: "groups enough for \(experts.used) experts of a token")
        }
        return routing
    }

    /// Old files give 0 for a factor that is not there.
    private func expertScale() throws(ModelError) -> Float {
        let key = "expert_weights_scale"
        return metadata.float("\(architecture).\(key)") == 0 ? 1 : try float(key, default: 1)
    }

    private func scoring(default fallback: ExpertRouting.Scoring) throws(ModelError) -> ExpertRouting.Scoring {
        switch try integer("expert_gating_func", in: 0...4, default: 0) {
        case 1: .softmax
        case 2: .sigmoid
        case 3: .softmaxOfChosen
        case 4: .squareRootOfSoftplus
        default: fallback
        }
    }

    func invalid(_ key: String, _ value: Int, expected: String) -> ModelError {
        .invalidValue(key: "\(architecture).\(key)", value: "\(value)", expected: expected, file: file)
    }
}
