import CodeGraph
import Foundation

/// Writes a picture in Graphviz's language: boxes in a frame for each folder, file and type around them, and a line for
/// all uses between two.
struct GraphDot {
    let picture: GraphPicture
    let name: String

    func write(to output: GraphOutput) throws {
        try output.write(
            """
            digraph \(quoted(name)) {
              graph [rankdir=TB, fontname="sans-serif", fontsize=11, labeljust=l, color="#b8b2a4", fontcolor="#5f625d",
                style="rounded", nodesep=0.25, ranksep=0.6, newrank=true];
              node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11, margin="0.12,0.06", height=0.3,
                fillcolor="#ffffff", color="#7d7460"];
              edge [color="#5c667099", arrowsize=0.6];

            """)
        var root = Frame()
        for (place, box) in picture.boxes.enumerated() { root.add(place, box.around[...]) }
        root.shorten()
        var frames = 0
        try write(root, indent: "  ", &frames, to: output)
        for line in picture.lines {
            try output.write("  n\(line.from) -> n\(line.to) [\(attributes(of: line))];\n")
        }
        try output.write("}\n")
    }

    private func write(_ frame: Frame, indent: String, _ frames: inout Int, to output: GraphOutput) throws {
        for place in frame.boxes {
            let box = picture.boxes[place]
            var attributes = "label=\(quoted(box.name)), tooltip=\(quoted(box.place))"
            if let kind = box.kind { attributes += ", color=\"\(kind.isType ? "#7a3f9d" : "#0f6f68")\"" }
            try output.write("\(indent)n\(place) [\(attributes)];\n")
        }
        for inner in frame.frames {
            try output.write("\(indent)subgraph cluster_\(frames) {\n\(indent)  label=\(quoted(inner.name));\n")
            frames += 1
            try write(inner, indent: indent + "  ", &frames, to: output)
            try output.write("\(indent)}\n")
        }
    }

    private func attributes(of line: GraphPicture.Line) -> String {
        let uses = EdgeKind.allCases.compactMap { kind in line.uses[kind].map { "\(kind.rawValue) \($0)" } }
        // As in class diagrams.
        var attributes = line.uses[.inherits] != nil && picture.level == .symbols ? "arrowhead=onormal, " : ""
        let isCalled = line.uses[.call] != nil || line.uses[.inherits] != nil
        if !isCalled { attributes += "style=dashed, " }
        let width = (10 * min(6, 0.8 + 0.45 * Double(line.weight).logarithm)).rounded() / 10
        return attributes
            + "weight=\(min(line.weight, 1000)), penwidth=\(width), tooltip=\(quoted(uses.joined(separator: ", ")))"
    }

    /// What is around boxes.
    private struct Frame {
        var name = ""
        var boxes: [Int] = []
        /// In the order in which they came.
        var frames: [Frame] = []
        private var places: [String: Int] = [:]

        mutating func add(_ box: Int, _ around: ArraySlice<String>) {
            guard let first = around.first else {
                boxes.append(box)
                return
            }
            if places[first] == nil {
                places[first] = frames.count
                frames.append(Frame(name: first))
            }
            frames[places[first]!].add(box, around.dropFirst())
        }

        /// Makes one frame of those that hold nothing but another: `django/db`.
        mutating func shorten() {
            for index in frames.indices {
                while frames[index].boxes.isEmpty, frames[index].frames.count == 1 {
                    var inner = frames[index].frames[0]
                    inner.name = frames[index].name + "/" + inner.name
                    frames[index] = inner
                }
                frames[index].shorten()
            }
        }

        init(name: String = "") { self.name = name }
    }

    /// A string of that language. Backslashes would begin what Graphviz replaces, control characters end lines.
    private func quoted(_ text: String) -> String {
        let line = text.replacing("\n", with: "␊").withVisibleControls
        return "\"" + line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension Double {
    /// To the base 2, of this and 1.
    fileprivate var logarithm: Double { Foundation.log2(1 + self) }
}
