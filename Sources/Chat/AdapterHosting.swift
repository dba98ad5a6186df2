/// A LoRA adapter that a model has loaded.
package struct AdapterFacts: Hashable, Sendable {
    /// Never used again for another one.
    package var id: Int
    package var name: String
    package var path: String
    /// Factor for requests that ask for it by name and say no more.
    package var usualScale: Double
    /// Factor for requests that name no adapters; 0 where they go without it.
    package var scale: Double

    package init(id: Int, name: String, path: String, usualScale: Double, scale: Double) {
        (self.id, self.name, self.path) = (id, name, path)
        (self.usualScale, self.scale) = (usualScale, scale)
    }
}

/// An adapter that a request asks for.
package struct AdapterChoice: Hashable, Sendable {
    package var name: String
    /// Factor on the adapter's own scale.
    package var scale: Double

    package init(_ name: String, scale: Double = 1) { (self.name, self.scale) = (name, scale) }
}

/// A model whose answers LoRA adapters can correct, each request's by others; they come and go while it answers.
package protocol AdapterHosting: Sendable {
    /// Those that are loaded, by their ids.
    var adapters: [AdapterFacts] { get }

    /// Loads an adapter from this machine. Requests get it when they ask for it.
    /// - Parameter replaces: whether one of that name gives way; otherwise it is an error.
    func loadAdapter(_ name: String, from path: String, replaces: Bool) async throws

    /// Ends an adapter for requests to come. Those that have it keep it until they end.
    func unloadAdapter(_ name: String) throws

    /// Sets the factors for requests that name no adapters; those of adapters that are left out become 0.
    func setAdapterScales(_ scales: [Int: Double]) throws
}
