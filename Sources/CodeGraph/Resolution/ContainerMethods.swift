/// Methods that all containers of a language have, by what they do with elements.
struct ContainerMethods: Sendable {
    /// Those that call what is handed to them with elements: as which of its arguments, counted from 0.
    var handingElements: [String: Set<Int>] = [:]
    /// Those that give an element.
    var givingElement: Set<String> = []
    /// Those that give a container of the same elements.
    var givingContainer: Set<String> = []
    /// Methods of what will be there later, a promise, that hand it on.
    var handingResult: Set<String> = []

    static let javaScript = ContainerMethods(
        handingElements: [
            "forEach": [0], "map": [0], "flatMap": [0], "filter": [0], "find": [0], "findIndex": [0], "findLast": [0],
            "findLastIndex": [0], "some": [0], "every": [0], "sort": [0, 1], "toSorted": [0, 1], "reduce": [1],
            "reduceRight": [1],
        ],
        givingElement: ["find", "findLast", "at", "pop", "shift", "get"],
        givingContainer: [
            "filter", "slice", "splice", "sort", "toSorted", "reverse", "toReversed", "concat", "values",
        ],
        handingResult: ["then"])
}
