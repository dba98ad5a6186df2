import Evaluation
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Whether a text is XML, and which elements and attributes it has.
private final class ElementCounter: NSObject, XMLParserDelegate {
    private(set) var elements: [String: Int] = [:]
    private(set) var attributes: Set<String> = []
    private(set) var isWhole = false

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        isWhole = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes found: [String: String] = [:]
    ) {
        elements[element, default: 0] += 1
        attributes.formUnion(found.keys)
    }
}

@Suite("A report")
struct EvaluationReportTests {
    private let hostile = "</script></details><img src=x onerror=alert(1)>\"'&\u{0}\u{1B}[2J\u{202E}\u{FFFF}]]>"

    private func runs(_ domains: [String] = ["one", "two", "three"]) throws -> [EvaluationRun] {
        let prompt = try ComparedRuns.prompt(version: 4, user: "Do <b>{prompt}</b> ```` now")
        var runs = [
            ComparedRuns.run(
                "a", ["x": [true], "y": [true], "z": [false]], prompt: prompt, domains: domains, seconds: 8),
            ComparedRuns.run(
                "b", ["x": [true], "y": [false], "z": [false]], prompt: prompt, domains: domains, seconds: 1),
            ComparedRuns.run("a", ["p": [true, false], "q": [true, true]], suite: "samples", date: "2026-11-22"),
        ]
        runs[1].results[0].earlier = [.init(completion: "an early try", feedback: "a harsh word")]
        return runs
    }

    @Test("is a page that is whole, without scripts, and that loads nothing")
    func page() throws {
        let html = EvaluationReport(try runs(), prices: ["a": TokenPrice(output: 1)]).html
        let found = ElementCounter(html)
        #expect(found.isWhole && html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(found.elements["script"] == nil && found.elements["link"] == nil && found.elements["img"] == nil)
        #expect(!found.attributes.contains("style") && !found.attributes.contains { $0.hasPrefix("on") })
        #expect(!found.attributes.contains("src"))
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("url("))
        #expect(html.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;"))
        #expect(html.contains("charset=\"utf-8\"") && html.contains("name=\"viewport\""))
    }

    @Test("says of pictures and tables what they are")
    func accessible() throws {
        let html = EvaluationReport(try runs(), prices: ["a": TokenPrice(output: 1)]).html
        let pictures = html.matches(of: #/<svg [^>]*>(<[a-z]+)/#).filter { !$0.0.contains("aria-hidden") }
        #expect(pictures.count == 7 && pictures.allSatisfy { $0.0.contains("role=\"img\"") && $0.1 == "<title" })
        let headings = html.matches(of: #/<th( [^>]*)?>/#)
        #expect(!headings.isEmpty && headings.allSatisfy { $0.0.contains("scope=") })
        #expect(html.contains("On the Pareto frontier: b, a"))
    }

    @Test("shows every task with verdicts, reasons, answers and attempts, and the words of the prompt")
    func drillDown() throws {
        let html = EvaluationReport(try runs()).html
        #expect(html.matches(of: #/<details class="task">/#).count == 5)
        #expect(html.contains("Passed by some: 1 task<") && html.contains("Passed by none: 1 task<"))
        #expect(html.contains("Passed by all: 1 task<") && html.contains("Passed at times: 1 task<"))
        for text in ["code of b", "AssertionError", "an early try", "a harsh word", "Attempt 1", "Last attempt"] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.contains("Do &lt;b&gt;{prompt}&lt;/b&gt; ```` now") && html.contains("version 4; ours"))
        #expect(html.contains("<dd>MIT</dd>") && html.contains("<dd>00ff</dd>"))
        #expect(html.contains("those of the tasks") && html.contains(", sample 1"))
    }

    @Test("escapes whatever others wrote, wherever it stands")
    func escaped() throws {
        var run = ComparedRuns.run(
            hostile, [hostile: [false]], suite: hostile, date: hostile, domains: [hostile])
        (run.results[0].completion, run.results[0].reason) = (hostile, hostile)
        run.results[0].earlier = [.init(completion: hostile, feedback: hostile)]
        (run.description.licence, run.description.dataHash) = (hostile, hostile)
        var other = run
        other.results[0].passed = true
        let report = EvaluationReport([run, other], title: hostile, prices: [hostile: TokenPrice(output: 1)])
        let found = ElementCounter(report.html)
        #expect(found.isWhole && found.elements["script"] == nil && found.elements["img"] == nil)
        let text =
            "&lt;/script&gt;&lt;/details&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;[U+0000][U+001B][2J"
        #expect(report.html.contains("<h1>\(text)[U+202E][U+FFFF]]]&gt;</h1>"))
        #expect(report.html.matches(of: #/<pre>&lt;\/script/#).count == 6)
        #expect(!report.markdown.contains(#/[^\\]</#) && !report.markdown.unicodeScalars.contains("\u{1B}"))
        #expect(!report.plainText.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test("shows line breaks of answers as they are")
    func lines() throws {
        var run = ComparedRuns.run("a", ["x": [true]])
        run.results[0].completion = "\n\tfirst\r\nsecond"
        // HTML takes the first line break after <pre> away.
        #expect(EvaluationReport([run]).html.contains("<pre>\n\n\tfirst\nsecond</pre>"))
    }

    @Test("draws domains as a radar where there are three, else as bars", arguments: [1, 2, 3, 4])
    func domains(_ count: Int) throws {
        let domains = (0..<count).map { "domain \($0)" }
        let tasks: KeyValuePairs = ["w": [true], "x": [true], "y": [false], "z": [false]]
        let html = EvaluationReport([ComparedRuns.run("a", tasks, domains: domains)]).html
        #expect(html.contains("class=\"area s0\"") == (count >= 3))
        #expect(html.contains("class=\"track\"") == (count < 3))
        #expect(html.contains("href=\"#domains\""))
        #expect(!EvaluationReport([ComparedRuns.run("a", tasks)]).html.contains("href=\"#domains\""))
    }

    @Test("draws what tasks cost only where there are prices")
    func prices() throws {
        let runs = try runs()
        #expect(!EvaluationReport(runs).html.contains("cost per 1000 tasks"))
        #expect(EvaluationReport(runs, prices: ["b": TokenPrice(output: 1)]).html.contains("cost per 1000 tasks"))
        #expect(!EvaluationReport(runs).plainText.contains("cost"))
    }

    @Test("has pass@k and pass^k of several samples")
    func samples() throws {
        let report = EvaluationReport(try runs())
        let run = report.suites[1].runs[0]
        #expect(run.samplesPerTask == 2 && run.allPass == 0.5 && run.onePasses == 1 && run.figures.rate == 0.75)
        #expect(report.suites[0].runs[0].samplesPerTask == nil)
        #expect(report.plainText.contains("50.0 % (k = 2)"))
        // Of a run that was interrupted all tasks have one sample.
        var part = try runs()[2]
        part.results.removeAll { $0.key.sample == 1 && $0.task == "p" }
        #expect(EvaluationReport([part]).suites[0].runs[0].samplesPerTask == nil)
    }

    @Test("says why runs were not compared")
    func refusal() throws {
        var runs = try runs()
        runs[1].description.prompt = nil
        let report = EvaluationReport(runs)
        #expect(report.suites[0].ranking == nil && report.html.contains("Not compared: a and b were asked s in"))
        #expect(report.markdown.contains("Not compared: a and b were asked s in"))
        #expect(ElementCounter(report.html).isWhole)
    }

    @Test("is Markdown with the tables and the words, between fences that they do not end")
    func markdown() throws {
        let markdown = EvaluationReport(try runs()).markdown
        #expect(markdown.hasPrefix("# Evaluation report\n\n| suite | model | passed |"))
        #expect(markdown.contains("| s | a | 2/3 | 66.7 % | ") && markdown.contains("| y | ✓ | ✗ |"))
        #expect(markdown.contains("`````\nDo <b>{prompt}</b> ```` now\n`````"))
        #expect(markdown.contains("| one | 100.0 % of 1 | 100.0 % of 1 |"))
    }

    @Test("is JSON with keys that stay")
    func json() throws {
        let text = EvaluationReport(try runs(), prices: ["a": TokenPrice(output: 1)]).json
        let report = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(report.keys.sorted() == ["domains", "suites", "title"])
        let suite = try #require((report["suites"] as? [[String: Any]])?.first)
        #expect(suite.keys.sorted() == ["ranking", "runs", "suite", "tasks"])
        let run = try #require((suite["runs"] as? [[String: Any]])?.first)
        #expect(
            run.keys.sorted() == [
                "cost_per_task", "data_sha256", "figures", "licence", "prompt", "seconds_per_task", "tokens_per_second",
            ])
        #expect((run["prompt"] as? [String: Any])?["user"] as? String == "Do <b>{prompt}</b> ```` now")
        #expect(run["seconds_per_task"] as? Double == 8 && run["tokens_per_second"] as? Double == 1.25)
        let task = try #require((suite["tasks"] as? [[String: Any]])?.first { $0["task"] as? String == "y" })
        #expect(task["rates"] as? [String: Double] == ["a": 1, "b": 0] && task["domain"] as? String == "two")
        let domain = try #require((report["domains"] as? [[String: Any]])?.first { $0["domain"] as? String == "one" })
        #expect(((domain["cells"] as? [String: Any])?["a"] as? [String: Double]) == ["tasks": 1, "rate": 1])
    }

    @Test("can be of nothing")
    func empty() throws {
        let none = EvaluationReport([])
        #expect(ElementCounter(none.html).isWhole && none.suites.isEmpty && none.markdown.hasPrefix("# "))
        var runs = try runs()
        for index in runs.indices { runs[index].results = [] }
        #expect(ElementCounter(EvaluationReport(runs).html).isWhole)
    }
}
