internal import Syntax

extension FoundFacts {
    /// Makes symbols of the routes that calls and annotations say. After annotations were attached.
    /// - Returns: whether there are any, so that symbols have to be nested again.
    mutating func addRoutes() -> Bool {
        var made = annotatedRoutes()
        for route in routes.routes {
            let name = routes.name(of: route)
            made.append(symbol(name, at: route.place, bodyStart: route.body?.start))
            guard !route.handler.isEmpty else { continue }
            handle(
                route.handler, receiver: route.handlerReceiver, start: route.handlerStart, line: route.handlerLine)
        }
        guard !made.isEmpty else { return false }
        insert(made)
        return true
    }

    private mutating func symbol(_ name: String, at place: SyntaxCapture, bodyStart: Int?) -> Symbol {
        let fact = SymbolFact(
            name: names.intern(name), kind: .route, start: UInt32(place.start), end: UInt32(place.end),
            bodyStart: UInt32(bodyStart ?? place.end), line: UInt32(place.startRow + 1),
            endLine: UInt32(place.endRow + 1))
        return Symbol(fact: fact, nameStart: place.start, top: (place.start, place.startRow), pattern: -1)
    }

    private mutating func handle(_ name: String, receiver: String, start: Int, line: Int) {
        let fact = ReferenceFact(
            name: names.intern(name), role: .route, receiver: names.intern(receiver), line: UInt32(line),
            start: UInt32(start))
        references.append(Reference(fact: fact, pattern: -1))
    }

    /// Symbols keep their annotations when others come between them.
    private mutating func insert(_ made: [Symbol]) {
        let own = symbols.count
        symbols += made
        let order = symbols.indices.sorted { a, b in
            let (x, y) = (symbols[a], symbols[b])
            return (x.fact.start, y.fact.end, x.nameStart, a) < (y.fact.start, x.fact.end, y.nameStart, b)
        }
        var places = [Int32](repeating: 0, count: own)
        for (place, old) in order.enumerated() where old < own { places[old] = Int32(place) }
        symbols = order.map { symbols[$0] }
        for index in annotations.indices {
            annotations[index].fact.symbol = places[Int(annotations[index].fact.symbol)]
        }
    }

    // MARK: Annotations

    private mutating func annotatedRoutes() -> [Symbol] {
        var bySymbol: [Int32: [Annotation]] = [:]
        for annotation in annotations { bySymbol[annotation.fact.symbol, default: []].append(annotation) }
        var made: [Symbol] = []
        for annotation in annotations {
            let target = symbols[Int(annotation.fact.symbol)]
            guard let verbs = verbs(of: annotation, at: target, bySymbol) else { continue }
            let beside = bySymbol[annotation.fact.symbol] ?? []
            let other = beside.first { ["Path", "Route"].contains(names[$0.fact.name]) }
            let own = path(of: annotation) ?? other.flatMap { path(of: $0) }
            var paths = [own ?? ""]
            if target.fact.parent >= 0, symbols[Int(target.fact.parent)].fact.kind.isType {
                let around = bySymbol[target.fact.parent] ?? []
                let prefix = around.first { Self.isPrefix(names[$0.fact.name]) && path(of: $0) != nil }
                if let prefix = prefix.flatMap({ path(of: $0) }) {
                    let type = names[symbols[Int(target.fact.parent)].fact.name]
                    paths.insert(Self.filled(prefix, type: type), at: 0)
                }
            }
            let base = String(names[annotation.fact.name].prefix { $0 != "." })
            let route = FoundRoutes.Route(
                verb: verbs.joined(separator: "|"),
                path: RouteName.join(paths.map { $0.replacing("[action]", with: names[target.fact.name]) }), base: base,
                place: annotation.capture)
            made.append(symbol(routes.name(of: route), at: annotation.capture, bodyStart: nil))
            handle(
                names[target.fact.name], receiver: "", start: annotation.capture.start,
                line: annotation.capture.startRow + 1)
        }
        return made
    }

    private func path(of annotation: Annotation) -> String? { RouteString.path(in: names[annotation.fact.arguments]) }

    /// What an annotation of a function says that it answers; nil for other annotations.
    private func verbs(of annotation: Annotation, at target: Symbol, _ all: [Int32: [Annotation]]) -> [String]? {
        let written = names[annotation.fact.name]
        let word = written.split(separator: ".").last.map(String.init) ?? written
        let arguments = names[annotation.fact.arguments]
        guard let verb = RouteName.verb(of: word) else { return nil }
        let listed = RouteName.verbs(in: arguments)
        if word != written || word.first?.isLowercase == true {
            // `@app.get("/x")` of Python, `#[get("/x")]` of Rust. Other things are looked up and patched, too.
            let isRoute = word == "route" || word == "api_route"
            guard let path = path(of: annotation), path.hasPrefix("/") || (path.isEmpty && written != word) else {
                return nil
            }
            return !listed.isEmpty ? listed : isRoute ? (word == "route" ? ["GET"] : [verb]) : [verb]
        }
        guard target.fact.kind.isCallable else { return nil }
        let around = (all[target.fact.parent] ?? []).map { names[$0.fact.name] }
        switch word {
        case "Route":
            let beside = (all[annotation.fact.symbol] ?? []).map { names[$0.fact.name] }
            let hasVerb = beside.contains { $0 != "Route" && RouteName.verb(of: $0) != nil }
            return hasVerb || arguments.isEmpty ? nil : listed.isEmpty ? [verb] : listed
        case "RequestMapping": return listed.isEmpty ? [verb] : listed
        case _ where word.hasSuffix("Mapping") || word.hasPrefix("Http"): return [verb]
        case _ where word == verb:
            // Jakarta's annotations stand beside one that has the path.
            let beside = (all[annotation.fact.symbol] ?? []).map { names[$0.fact.name] }
            return (beside + around).contains("Path") ? [verb] : nil
        case "Get", "Post", "Put", "Delete", "Patch", "Head", "Options", "All":
            return around.contains { $0.hasSuffix("Controller") } ? [verb] : nil
        default: return nil
        }
    }

    private static func isPrefix(_ name: String) -> Bool {
        ["RequestMapping", "Route", "RoutePrefix", "Path"].contains(name) || name.hasSuffix("Controller")
    }

    /// ASP.NET puts the name of the class into paths.
    private static func filled(_ path: String, type: String) -> String {
        path.replacing("[controller]", with: type.hasSuffix("Controller") ? String(type.dropLast(10)) : type)
    }
}
