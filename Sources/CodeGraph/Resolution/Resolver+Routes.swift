extension Resolver {
    /// What an annotation that makes it answer a route stands at: the symbol around the route, or the next one of that name.
    func annotated(_ reference: ReferenceFact, in file: GraphReader.FactsOfFile) -> Resolution? {
        guard reference.container >= 0, reference.receiver == 0 else { return nil }
        let route = file.facts.symbols[Int(reference.container)]
        guard route.kind == .route, route.start == reference.start else { return nil }
        let around = Int(route.parent)
        if around >= 0, file.facts.symbols[around].name == reference.name { return Resolution([around], in: file) }
        let beside = file.members(named: file.facts.names[reference.name], of: around, ownersToo: true)
        return beside.first { file.facts.symbols[$0].start >= route.end }.map { Resolution([$0], in: file) }
    }
}
