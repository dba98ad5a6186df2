internal import Statistics

/// Makes problems that are the same tasks in other words: the function and its parameters have other names in prompt,
/// solution and tests, and the documentation is reworded by fixed rules. A name that cannot be replaced for certain
/// stays.
package struct ProblemMutation: Sendable {
    /// A problem in other words.
    package struct Mutated: Hashable, Sendable {
        /// With the id that it had.
        package var problem: HumanEval.Problem
        /// New names by old ones.
        package var names: [String: String]
        /// Parameters that have the names they had.
        package var kept: [String]
    }

    /// The same seed gives the same words.
    package var seed: UInt64

    package init(seed: UInt64 = 1) { self.seed = seed }

    /// - Returns: nil for a problem whose function cannot be found, or cannot have another name.
    package func mutated(_ problem: HumanEval.Problem) -> Mutated? {
        let source = PythonSource(problem.prompt + problem.solution)
        let test = PythonSource(problem.test)
        guard let function = source.function(named: problem.entry) else { return nil }
        var random = RandomStream(seed: seed ^ Mixing.hash(problem.id.utf8))
        let taken = source.words.union(test.words).union(PythonNames.all)
        var names = Renaming(taken: taken)
        guard source.canRename(problem.entry, in: 0..<source.tokens.count),
            test.canRename(problem.entry, in: 0..<test.tokens.count)
        else { return nil }
        names.renameFunction(problem.entry, &random)
        var kept: [String] = []
        for parameter in function.parameters {
            let isSafe =
                parameter != problem.entry && source.canRename(parameter, in: function.body)
                && !test.passesByName(parameter)
            if !isSafe || !names.renameParameter(parameter, &random) { kept.append(parameter) }
        }
        // What the tests call by their names is the function; parameters are the function's own.
        let entry = [problem.entry: names.names[problem.entry] ?? problem.entry]
        var edits = source.edits(entry, in: 0..<function.range.lowerBound)
        edits += source.edits(names.names, in: function.range)
        edits += source.edits(entry, in: function.range.upperBound..<source.tokens.count)
        let rewording = Rewording(names: names.names, parameters: function.parameters)
        for index in function.range where source.tokens[index].kind == .documentation {
            let token = source.tokens[index]
            edits.append((token.range, rewording.reworded(source.text(token), indent: source.indent(of: token))))
        }
        let boundary = problem.prompt.utf8.count
        guard let prompt = source.text(0..<boundary, edits),
            let solution = source.text(boundary..<source.bytes.count, edits),
            let tests = test.text(0..<test.bytes.count, test.edits(entry, in: 0..<test.tokens.count))
        else { return nil }
        let mutated = HumanEval.Problem(
            id: problem.id, prompt: prompt, entry: entry[problem.entry] ?? problem.entry, solution: solution,
            test: tests)
        return Mutated(problem: mutated, names: names.names, kept: kept)
    }
}
