import ArgumentParser
import Evaluation

/// What tokens of models cost.
struct PriceOptions: ParsableArguments {
    @Option(
        name: .customLong("price"),
        help: ArgumentHelp(
            "What a million tokens of prompts and of answers cost. May be given for several models.",
            valueName: "model=in/out"))
    var prices: [String] = []

    func validate() throws { _ = try table() }

    func table() throws -> [String: TokenPrice] {
        var table: [String: TokenPrice] = [:]
        for text in prices {
            let numbers = text.split(separator: "=").last?.split(separator: "/").compactMap { Double($0) } ?? []
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex, numbers.count == 2,
                numbers.allSatisfy({ $0 >= 0 && $0.isFinite })
            else { throw ValidationError("--price takes MODEL=IN/OUT, such as gpt-x=1.25/10; '\(text)' is not so.") }
            table[String(text[..<equals])] = TokenPrice(input: numbers[0], output: numbers[1])
        }
        return table
    }
}
