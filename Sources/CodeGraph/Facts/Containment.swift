/// Which of nested ranges contains a place. Ranges are in order, outer ones before inner ones.
struct Containment {
    private let ranges: [Range<Int>]
    private var next = 0
    private var open: [Int] = []

    init(_ ranges: [Range<Int>]) { self.ranges = ranges }

    /// The innermost range around range `index`, or -1. Asked for in order. Equal ranges are neighbours: `int a, b;`.
    mutating func parent(of index: Int) -> Int32 {
        close(before: ranges[index].lowerBound)
        if let last = open.last, ranges[last] == ranges[index] { open.removeLast() }
        let parent = open.last.map { Int32($0) } ?? -1
        open.append(index)
        return parent
    }

    mutating func rewind() {
        next = 0
        open = []
    }

    /// The innermost range around a place, or -1. Asked for in order, after `rewind`.
    mutating func container(at place: Int) -> Int32 {
        while next < ranges.count, ranges[next].lowerBound <= place {
            close(before: ranges[next].lowerBound)
            open.append(next)
            next += 1
        }
        close(before: place)
        return open.last.map { Int32($0) } ?? -1
    }

    private mutating func close(before place: Int) {
        while let last = open.last, ranges[last].upperBound <= place { open.removeLast() }
    }
}
