internal import Tensors

/// Attention whose heads make their keys and values from one narrow row a token, the latent, and share a rotated part.
///
/// The cache holds the normed latent and the rotated part, nothing for each head. Few tokens take their queries into
/// the latent space instead (`absorbed`): one wide KV head for all query heads. Many tokens are worth making every
/// head's keys and values (`expanded`). Both compute the same.
/// - SeeAlso: DeepSeek-AI 2024, arXiv:2405.04434, section 2.1.
struct LatentAttention: TokenMixer {
    /// How queries are made from the input.
    enum Query: Sendable {
        case direct(Matrix)  // [heads * keyDim, width]
        /// Through a narrow normed row.
        case compressed(down: Matrix, norm: Vector, up: Matrix)  // [rank, width], [rank], [heads * keyDim, rank]

        var rows: Int {
            switch self {
            case .direct(let matrix): matrix.rows
            case .compressed(_, _, let up): up.rows
            }
        }
    }

    /// How keys are made: files store each head's matrix from queries to the latent space, old ones its transpose.
    enum Keys: Sendable {
        case absorbing(MatrixBank)  // heads of [latent, ownDim]
        case both(absorbing: MatrixBank, expanding: MatrixBank)  // and heads of [ownDim, latent]

        var absorbing: MatrixBank {
            switch self {
            case .absorbing(let bank), .both(let bank, _): bank
            }
        }
    }

    var shape: LatentShape
    var query: Query
    var latent: Matrix  // [latent + rotatedDim, width]
    var latentNorm: Vector  // [latent]
    var keys: Keys
    var values: MatrixBank  // heads of [valueDim, latent]
    var output: Matrix  // [width, heads * valueDim]
    var rotary: RotaryTable
    /// Factor on the scores.
    var scale: Float
    var epsilon: Float
    /// From so many tokens on, keys and values are made for every head.
    var expandedTokens = Self.expandedTokens

    /// Below, making keys and values takes more operations than reading wide rows, counted at the sizes of DeepSeek-V3.
    static let expandedTokens = 64

    var cacheShape: KVShape {
        KVShape(heads: 1, keyDim: shape.latent + shape.rotatedDim, valueDim: shape.latent, sharesRows: true)
    }

    func cacheByteCount(capacity: Int, kv: KVType) -> Int { cacheShape.byteCount(capacity: capacity, type: kv) }

    func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)? {
        KVCache(cacheShape, capacity: capacity, type: kv)
    }

    func supports(_ kv: KVType) -> Bool { cacheShape.fits(kv) }

    func mix(_ input: Activations, _ pass: Pass, caches: [any LayerCache], into destination: Output) {
        let parts = pass.parts(caches, as: KVCache.self)
        let queries = unsafe project(input, pass, into: parts).queries
        unsafe mix(pass, into: destination) { attended in
            unsafe attend(queries, pass, parts, into: attended)
        }
    }

    /// Attention to all rows of each sequence. Neighbours of few tokens go through the heads' matrices together.
    func attend(_ queries: HeadRows, _ pass: Pass, _ parts: [Part], into output: HeadRows) {
        var rest = parts[...]
        while let first = rest.first {
            guard first.segment.tokens < expandedTokens else {
                unsafe attendExpanded(queries, pass, first, into: output)
                rest = rest.dropFirst()
                continue
            }
            let few = rest.prefix { $0.segment.tokens < expandedTokens }
            unsafe attendAbsorbed(queries, pass, few, into: output)
            rest = rest.dropFirst(few.count)
        }
    }

    /// The tokens of one sequence and its rows.
    typealias Part = (segment: Segment, cache: KVCache)

    /// The block's output from what `attend` writes for every head.
    func mix(_ pass: Pass, into destination: Output, attend: (HeadRows) -> Void) {
        let attended = pass.workspace.activations(.attended, width: shape.heads * shape.valueDim)
        attended.reserve(tokens: pass.tokens)
        unsafe attend(HeadRows(attended.values, heads: shape.heads, dim: shape.valueDim))
        pass.compute.quantize(attended, tokens: pass.tokens)
        unsafe pass.compute.project(
            attended, tokens: pass.tokens,
            [Projection(output, accumulates: destination.accumulates, output: destination.rows)])
    }

    /// Queries, rotated, and the narrow rows that they were made of; latent rows go to the caches.
    func project(
        _ input: Activations, _ pass: Pass, into parts: [Part]
    ) -> (queries: HeadRows, narrow: Activations) {
        let (compute, tokens, workspace) = (pass.compute, pass.tokens, pass.workspace)
        let projected = unsafe workspace.floats(.queries, tokens * query.rows)
        let rows = unsafe workspace.floats(.keys, tokens * latent.rows)
        var narrow = input
        switch query {
        case .direct(let matrix):
            unsafe compute.project(
                input, tokens: tokens,
                [Projection(matrix, output: projected), Projection(latent, output: rows)])
        case .compressed(let down, let norm, let up):
            let values = unsafe workspace.floats(.values, tokens * down.rows)
            unsafe compute.project(
                input, tokens: tokens, [Projection(down, output: values), Projection(latent, output: rows)])
            narrow = workspace.activations(.latent, width: down.rows)
            unsafe compute.normalize(values, tokens: tokens, weight: norm.pointer, epsilon: epsilon, into: narrow)
            unsafe compute.project(narrow, tokens: tokens, [Projection(up, output: projected)])
        }
        let queries = unsafe HeadRows(projected, heads: shape.heads, dim: shape.keyDim)
        let latents = unsafe HeadRows(rows, heads: 1, dim: shape.latent, pitch: latent.rows)
        unsafe compute.normalizeHeads(latents, tokens: tokens, weight: latentNorm.pointer, epsilon: epsilon)
        let keys = unsafe HeadRows(rows, heads: 1, dim: latent.rows)
        let rotations = pass.rotations(rotary)
        unsafe compute.rotate(queries, tokens: tokens, rotations, pairing: .pairs, offset: shape.ownDim)
        unsafe compute.rotate(keys, tokens: tokens, rotations, pairing: .pairs, offset: shape.latent)
        for (segment, cache) in parts {
            unsafe compute.store(
                keys: keys.rows(from: segment.rows.lowerBound), values: nil, tokens: segment.tokens,
                position: segment.position, in: cache)
        }
        return unsafe (queries, narrow)
    }

    /// Queries in the latent space, attention over the rows as they are, its result to each head's values.
    /// - Parameters:
    ///   - parts: neighbours.
    ///   - selection: the rows of each token of the only part; nil for all up to its own.
    func attendAbsorbed(
        _ allQueries: HeadRows, _ pass: Pass, _ parts: ArraySlice<Part>, selection: RowSelection? = nil,
        into allOutput: HeadRows
    ) {
        guard let first = parts.first?.segment.rows.lowerBound, let end = parts.last?.segment.rows.upperBound else {
            return
        }
        let (compute, tokens, workspace) = (pass.compute, end - first, pass.workspace)
        let (queries, output) = unsafe (allQueries.rows(from: first), allOutput.rows(from: first))
        let rowDim = shape.latent + shape.rotatedDim
        let own = workspace.activations(.heads, width: shape.ownDim)
        unsafe compute.gather(queries, tokens: tokens, into: own)
        let absorbed = unsafe HeadRows(
            workspace.floats(.latent, tokens * shape.heads * rowDim), heads: shape.heads, dim: rowDim)
        unsafe compute.projectHeads(
            own, tokens: tokens, keys.absorbing, into: absorbed.elements(0..<shape.latent))
        unsafe compute.copy(
            queries.elements(shape.ownDim..<shape.keyDim), tokens: tokens,
            to: absorbed.elements(shape.latent..<rowDim))
        let mixed = workspace.activations(.heads, width: shape.latent)
        mixed.reserve(tokens: tokens * shape.heads)
        let mixedHeads = unsafe HeadRows(mixed.values, heads: shape.heads, dim: shape.latent)
        let attentions = unsafe parts.map { segment, cache in
            let row = segment.rows.lowerBound - first
            return unsafe Attention(
                input: AttentionInput(
                    queries: absorbed.rows(from: row), position: segment.position, tokens: segment.tokens,
                    scale: scale),
                cache: cache, output: mixedHeads.rows(from: row))
        }
        if let selection {
            unsafe compute.attendSelected(
                attentions[0].input, selection, cache: attentions[0].cache, into: mixedHeads,
                partials: workspace.partials)
        } else {
            unsafe compute.attend(attentions, partials: workspace.partials)
        }
        compute.quantize(mixed, tokens: tokens * shape.heads)
        unsafe compute.projectHeads(mixed, tokens: tokens, values, into: output)
    }

    private func attendExpanded(_ queries: HeadRows, _ pass: Pass, _ part: Part, into output: HeadRows) {
        let expanding =
            switch keys {
            case .absorbing(let bank): pass.compute.transpose(bank, into: pass.workspace.transposed)
            case .both(_, let bank): bank
            }
        let (segment, first) = (part.segment, part.segment.rows.lowerBound)
        unsafe pass.compute.attendExpanded(
            AttentionInput(
                queries: queries.rows(from: first), position: segment.position, tokens: segment.tokens, scale: scale),
            cache: part.cache, LatentExpansion(keys: expanding, values: values),
            pass.workspace.latentState(shape.latent), into: output.rows(from: first))
    }
}

/// The extents of latent attention.
struct LatentShape: Hashable, Sendable {
    var heads: Int
    /// Elements of a latent.
    var latent: Int
    /// Elements of a key that each head makes for itself.
    var ownDim: Int
    /// Elements of a key that carry the position, the same for all heads.
    var rotatedDim: Int
    var valueDim: Int

    /// Elements of a key.
    var keyDim: Int { ownDim + rotatedDim }
}
