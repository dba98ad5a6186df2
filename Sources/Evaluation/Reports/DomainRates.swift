/// How often tasks of each domain passed, in all suites together.
package struct DomainRates: Hashable, Sendable, Encodable {
    /// One run's tasks of one domain; of runs of several suites that have the same label together.
    package struct Cell: Hashable, Sendable, Encodable {
        package var tasks: Int
        /// The mean over the tasks.
        package var rate: Double
    }

    /// A domain in all runs.
    package struct Row: Hashable, Sendable, Encodable {
        package var domain: String
        /// By labels of runs; of those that have such tasks.
        package var cells: [String: Cell]
    }

    /// In the order in which tasks of them came.
    package var rows: [Row] = []

    package func encode(to encoder: any Encoder) throws { try rows.encode(to: encoder) }

    init(_ suites: [SuiteReport]) {
        var places: [String: Int] = [:]
        for suite in suites {
            for run in suite.runs {
                for task in run.tasks.order {
                    guard let domain = run.tasks.results(of: task).first?.domain, let rate = run.tasks.rate(of: task)
                    else { continue }
                    let place = places[domain] ?? rows.count
                    if place == rows.count {
                        places[domain] = place
                        rows.append(Row(domain: domain, cells: [:]))
                    }
                    rows[place].cells[run.figures.label, default: Cell(tasks: 0, rate: 0)].add(rate)
                }
            }
        }
    }
}

extension DomainRates.Cell {
    fileprivate mutating func add(_ found: Double) {
        tasks += 1
        rate += (found - rate) / Double(tasks)
    }
}
