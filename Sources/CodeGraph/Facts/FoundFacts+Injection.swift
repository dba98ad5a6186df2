internal import Syntax

extension FoundFacts {
    /// Types of what a framework hands over are injected: those of the parameters of a constructor and of annotated fields.
    /// After references were put in order.
    mutating func markInjections(in text: UnsafeBufferPointer<UInt8>, grammar: String) {
        let isAutomatic = ["csharp", "php"].contains(grammar)
        guard isAutomatic || !annotations.isEmpty else { return }
        var annotated: [Int32: Set<String>] = [:]
        for annotation in annotations {
            annotated[annotation.fact.symbol, default: []].insert(Self.lastPart(names[annotation.fact.name]))
        }
        for index in symbols.indices {
            let fact = symbols[index].fact
            let own = annotated[Int32(index)] ?? []
            switch fact.kind {
            case .constructor:
                let type = annotated[fact.parent] ?? []
                if grammar == "php" || !own.isDisjoint(with: Self.points) || !type.isDisjoint(with: Self.managed) {
                    unsafe mark(.inject, from: fact.start, to: fact.bodyStart, in: text)
                } else if grammar == "csharp" {
                    markInterfaces(from: fact.start, to: fact.bodyStart)
                }
            case .class where grammar == "csharp":
                markInterfaces(from: fact.start, to: fact.bodyStart)
            case .class where ["kotlin", "scala"].contains(grammar):
                // The parameters of the constructor stand in the head of the class.
                let isPoint = !own.isDisjoint(with: Self.points.union(Self.managed)) || hasPoint(in: index, annotated)
                if isPoint { unsafe mark(.inject, from: fact.start, to: fact.bodyStart, in: text) }
            case .field, .property:
                let isPoint = !own.isDisjoint(with: Self.points)
                if isPoint { unsafe mark(.inject, from: fact.start, to: fact.end, in: text) }
            case .method, .function:
                guard !own.isDisjoint(with: Self.makers) else { continue }
                unsafe mark(.inject, from: fact.start, to: fact.bodyStart, in: text)
                let type = Self.lastPart(names[fact.type])
                unsafe mark(.bind, from: fact.start, to: fact.bodyStart, in: text) { name in name == type }
            default: continue
            }
        }
    }

    /// Where a framework hands something over.
    private static let points: Set<String> = ["Inject", "Autowired", "Resource", "EJB", "AssistedInject", "Required"]
    /// Types that a framework makes, by the only constructor that they have.
    private static let managed: Set<String> = [
        "Component", "Service", "Repository", "Controller", "RestController", "ControllerAdvice", "Configuration",
        "Named", "Singleton", "ApplicationScoped", "RequestScoped", "SessionScoped", "Dependent", "Stateless",
        "Injectable", "Directive", "Pipe", "NgModule", "Module", "Resolver", "WebSocketGateway", "HiltViewModel",
        "JsonController", "ApiController",
    ]
    /// Functions whose results a framework hands over.
    private static let makers: Set<String> = ["Bean", "Provides", "Produces", "Binds"]

    private static func lastPart(_ written: String) -> String {
        let path = written.prefix { $0 != "<" && $0 != "?" && $0 != "[" }
        return path.split { $0 == "." || $0 == ":" }.last.map(String.init) ?? written
    }

    /// Whether a member that stands in the head of a type, or its constructor, is marked.
    private func hasPoint(in type: Int, _ annotated: [Int32: Set<String>]) -> Bool {
        annotated.contains { symbol, names in
            let fact = symbols[Int(symbol)].fact
            return Int(fact.parent) == type && fact.start < symbols[type].fact.bodyStart
                && !names.isDisjoint(with: Self.points)
        }
    }

    private mutating func mark(
        _ role: ReferenceRole, from start: UInt32, to end: UInt32, in text: UnsafeBufferPointer<UInt8>,
        where fits: (String) -> Bool = { _ in true }
    ) {
        for index in referencesIn(start, end) {
            let fact = references[index].fact
            guard [.type, .inject].contains(fact.role), fits(names[fact.name]) else { continue }
            // An annotation of the parameter is a type, too.
            if fact.start > 0, unsafe text[Int(fact.start) - 1] == UInt8(ascii: "@") { continue }
            references[index].fact.role = role
        }
    }

    /// .NET has no annotation for it: interfaces in constructors are handed over, or could be.
    private mutating func markInterfaces(from start: UInt32, to end: UInt32) {
        for index in referencesIn(start, end) where references[index].fact.role == .type {
            let name = names.utf8(references[index].fact.name)
            let capitals = (UInt8(ascii: "A")...UInt8(ascii: "Z"))
            if name.first == UInt8(ascii: "I"), name.dropFirst().first.map(capitals.contains) == true {
                references[index].fact.role = .inject
            }
        }
    }

    private func referencesIn(_ start: UInt32, _ end: UInt32) -> Range<Int> {
        func place(_ offset: UInt32) -> Int {
            var low = 0
            var high = references.count
            while low < high {
                let middle = (low + high) / 2
                if references[middle].fact.start < offset { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let first = place(start)
        return first..<max(first, place(end))
    }
}
