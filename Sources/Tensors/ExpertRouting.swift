#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How a mixture of experts chooses some for each token, and how much each of them counts.
package struct ExpertRouting: Sendable {
    /// From the router's logits to scores.
    package enum Scoring: Sendable {
        case softmax
        case sigmoid
        /// Softmax over the chosen experts' logits alone.
        case softmaxOfChosen
        case squareRootOfSoftplus
    }

    /// What a group of experts is worth when whole groups are chosen first.
    package enum GroupScore: Sendable {
        case best
        case sumOfBestTwo
    }

    /// Experts per token.
    package var used: Int
    package var scoring: Scoring
    /// [experts]: added to the scores for the choice only.
    /// - SeeAlso: Wang et al. 2024, arXiv:2408.15664.
    package var selectionBias: Vector?
    package var groups = 1
    package var groupsUsed = 1
    package var groupScore = GroupScore.best
    /// Whether the chosen scores are divided by their sum.
    package var normalizes: Bool
    /// Factor on the weights.
    package var scale: Float = 1

    package init(used: Int, scoring: Scoring, selectionBias: Vector? = nil, normalizes: Bool, scale: Float = 1) {
        self.used = used
        self.scoring = scoring
        self.selectionBias = selectionBias
        self.normalizes = normalizes
        self.scale = scale
    }
}

/// The experts of each token and their weights, both [tokens, used].
package final class ExpertChoice {
    package private(set) var used = 0
    private let ids = GrowableBuffer<Int32>()
    private let weights = FloatBuffer()

    package init() {}

    /// Makes room; content is lost.
    func reserve(tokens: Int, used: Int) {
        self.used = used
        ids.reserve(tokens * used)
        weights.reserve(tokens * used)
    }

    package func id(_ place: Int, of token: Int) -> Int { unsafe Int(ids(of: token)[place]) }
    package func weight(_ place: Int, of token: Int) -> Float { unsafe weights(of: token)[place] }

    func ids(of token: Int) -> UnsafeMutablePointer<Int32> {
        unsafe ids.pointer + token * used
    }

    func weights(of token: Int) -> UnsafeMutablePointer<Float> { unsafe weights.pointer + token * used }
}

extension Compute {
    /// Chooses experts for each of `tokens` rows of logits, [tokens, experts], which are overwritten by scores.
    /// - Parameter prescribed: the ids to take for a token instead of the best ones.
    package func route(
        _ logits: UnsafeMutablePointer<Float>, tokens: Int, experts: Int, _ routing: ExpertRouting,
        into choice: ExpertChoice, prescribed: ((_ token: Int, _ place: Int) -> Int)? = nil
    ) {
        choice.reserve(tokens: tokens, used: routing.used)
        forEachToken(tokens) { token in
            let scores = unsafe logits + token * experts
            let (ids, weights) = unsafe (choice.ids(of: token), choice.weights(of: token))
            unsafe routing.score(scores, experts)
            if let prescribed {
                for place in 0..<routing.used { unsafe ids[place] = Int32(prescribed(token, place)) }
            } else {
                unsafe routing.choose(scores, experts, into: ids)
            }
            for place in 0..<routing.used { unsafe weights[place] = unsafe scores[Int(ids[place])] }
            unsafe routing.finish(weights)
        }
    }
}

extension ExpertRouting {
    fileprivate func score(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
        switch scoring {
        case .softmaxOfChosen: break
        case .sigmoid: for i in 0..<count { unsafe x[i] = unsafe 1 / (1 + expf(-x[i])) }
        case .squareRootOfSoftplus:
            for i in 0..<count { unsafe x[i] = unsafe (x[i] > 20 ? x[i] : log1pf(expf(x[i]))).squareRoot() }
        case .softmax:
            var largest = -Float.infinity
            for i in 0..<count { largest = unsafe max(largest, x[i]) }
            var sum: Float = 0
            for i in 0..<count {
                unsafe x[i] = expf(x[i] - largest)
                unsafe sum += x[i]
            }
            for i in 0..<count { unsafe x[i] /= sum }
        }
    }

    /// The best `used` experts in falling order; of equals the first.
    fileprivate func choose(_ scores: UnsafePointer<Float>, _ count: Int, into ids: UnsafeMutablePointer<Int32>) {
        let lowest = -Float.greatestFiniteMagnitude
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { memory in
            let ranks = memory.baseAddress!
            for i in 0..<count {
                let rank = unsafe scores[i] + (selectionBias.map { unsafe $0.pointer[i] } ?? 0)
                // What a damaged file leaves undefined must neither be chosen twice nor stop the choice.
                unsafe ranks[i] = rank > lowest ? rank : lowest
            }
            if groups > 1 { unsafe keepBestGroups(ranks, count) }
            // Insertion into a short sorted list: most ranks are compared once, with its last one.
            for i in 0..<count {
                let rank = unsafe ranks[i]
                var place = min(i, used)
                while place > 0, unsafe rank > ranks[Int(ids[place - 1])] {
                    if place < used { unsafe ids[place] = unsafe ids[place - 1] }
                    place -= 1
                }
                if place < used { unsafe ids[place] = Int32(i) }
            }
        }
    }

    private func keepBestGroups(_ ranks: UnsafeMutablePointer<Float>, _ count: Int) {
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: groups) { worth in
            let size = count / groups
            for group in 0..<groups {
                var (first, second) = (-Float.infinity, -Float.infinity)
                for i in group * size..<(group + 1) * size {
                    if unsafe ranks[i] > first {
                        (first, second) = unsafe (ranks[i], first)
                    } else {
                        second = unsafe max(second, ranks[i])
                    }
                }
                unsafe worth[group] = groupScore == .best || size == 1 ? first : first + second
            }
            for _ in 0..<groupsUsed {
                var best = 0
                for group in 1..<groups where unsafe worth[group] > worth[best] { best = group }
                unsafe worth[best] = -.infinity
            }
            // What is left above -infinity was not chosen.
            for group in 0..<groups where unsafe worth[group] > -.infinity {
                for i in group * size..<(group + 1) * size { unsafe ranks[i] = -.infinity }
            }
        }
    }

    /// From the chosen experts' scores to their weights, [used], in place.
    fileprivate func finish(_ weights: UnsafeMutablePointer<Float>) {
        if scoring == .softmaxOfChosen {
            var largest = -Float.infinity
            for place in 0..<used { largest = unsafe max(largest, weights[place]) }
            for place in 0..<used { unsafe weights[place] = unsafe expf(weights[place] - largest) }
        }
        var factor = scale
        if normalizes || scoring == .softmaxOfChosen {
            var sum: Float = 1e-20
            for place in 0..<used { unsafe sum += weights[place] }
            factor /= sum
        }
        for place in 0..<used { unsafe weights[place] *= factor }
    }
}
