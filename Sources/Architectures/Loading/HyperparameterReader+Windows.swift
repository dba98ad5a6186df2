internal import ModelFiles

extension HyperparameterReader {
    /// Keys that the layers with a window see, nil where the file has none or gives 0.
    func window() throws(ModelError) -> Int? {
        try optionalInteger("attention.sliding_window", in: 0...1 << 30).flatMap { $0 == 0 ? nil : $0 }
    }

    /// Which layers have the window: as the file lists them, or all but every `period`-th, and the file may give another
    /// period.
    func windowedLayers(_ layers: Int, period: Int) throws(ModelError) -> [Bool] {
        let key = "attention.sliding_window_pattern"
        let name = "\(architecture).\(key)"
        if let layout = metadata.arrayLayout(of: name) {
            let list = metadata.bools(name) ?? metadata.integers(name)?.map { $0 != 0 }
            guard let list, list.count >= layers else {
                throw .invalidValue(
                    key: name, value: "a list of \(layout.count)",
                    expected: "true or false for each of \(layers) layers",
                    file: file)
            }
            return Array(list.prefix(layers))
        }
        let period = try integer(key, in: 1...1 << 16, default: period)
        return (0..<layers).map { $0 % period < period - 1 }
    }
}
