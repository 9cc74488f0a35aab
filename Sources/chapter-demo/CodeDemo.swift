import CodeModels
import CommandLine
import Figures
import Foundation
import Tensors
import Text

extension Topic {
  /// The topic of chapter 12.
  static var code: Topic {
    let summary = "Models of code: holes, programs that are judged by running, recorded runs"
    var topic = Topic(name: "code", chapter: 12, summary: summary, seconds: 1) { stage in
      var demo = CodeDemo()
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    topic.runLong = { try CodeLongDemo($0).run() }
    return topic
  }
}

/// The demonstration of chapter 12: holes and judges by hand, and what the long experiment recorded.
struct CodeDemo: Demonstration {
  static let name = "12-code"
  static let margin = 18

  var findings = Findings()

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    try rearrange()
    try judge()
    filter()
    try showHoles()
    try showLessons()
    try showTransfer()
    try showRevision()
  }

  /// One document with its hole, in the order that training sees.
  private mutating func rearrange() throws {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    let text = TracedProgram.text(of: program, x: 4)
    let alphabet = CodeAlphabet.standard
    let told = alphabet.fillInTheMiddle(rate: 1).rearranged(
      alphabet.tasks.encode(text), middle: 8..<11)
    Console.print("A document, and the same with its middle at the end")
    report("as it is", text)
    report("rearranged", alphabet.tokenizer.decode(told))
    Console.print()
  }

  /// Answers to one question of each task, with what the judge says.
  private mutating func judge() throws {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    let broken = try Program(parsing: "a=x+3;b=a*3;rb")
    let questions: [(ProgramProblem, answers: [String])] = [
      (ProgramProblem(.output, of: program, x: 4), ["14", "15", "a=7"]),
      (ProgramProblem(.input, of: program, x: 4), ["4", "54", "5"]),
      (
        ProgramProblem(repairing: broken, into: program, examples: [0, 4, 7]),
        ["c=x+3;d=c+c;rd", "a=x+3;b=a*3;rb", "a=x+3;b=a**;rb"]
      ),
      (
        ProgramProblem(.explanation, of: program, x: 4),
        ["a is 4 plus 3, 7; b is 7 times 2, 14; so 14", "b is 7 times 2, 14; so 14", "14"]
      ),
    ]
    Console.print("Answers, judged by what they do")
    for (problem, answers) in questions {
      report(Self.titles[problem.task] ?? "", problem.prompt)
      for answer in answers { report("", "\(answer) ▸ \(problem.judge(answer).rawValue)") }
    }
    Console.print()
  }

  /// Made-up files, and the rule by which each is left out.
  private mutating func filter() {
    let code = "func area(of radius: Double) -> Double { radius * radius * .pi }\n"
    let files = [
      SourceFile(path: "area.swift", text: code),
      SourceFile(path: "area.min.js", text: String(repeating: "var a=b;", count: 40)),
      SourceFile(path: "table.c", text: String(repeating: "0x3F, 0x91, 0x07,\n", count: 40)),
      SourceFile(path: "map.svg", text: "<?xml version=\"1.0\"?>\n<svg>a map</svg>\n"),
      SourceFile(path: "index.html", text: "<p>Hello</p>\n<script>\nrun()\n</script>\n"),
      SourceFile(path: "settings.json", text: "{ \"colour\": \"blue\" }\n"),
    ]
    Console.print("Files of a corpus, and why they are left out")
    for file in files {
      report(file.path, CodeFilter().reason(toDrop: file)?.rawValue ?? "stays")
    }
    Console.print()
  }

  /// What a piece of the long experiment has recorded beside the book; nil, with a line that says
  /// so, if it has not been run.
  func recorded<Report: Decodable>(_ name: String, as type: Report.Type) throws -> Report? {
    let path = "book/results/runs/code-\(name).json"
    guard let data = FileManager.default.contents(atPath: path) else {
      report(name, "not recorded in \(path)")
      return nil
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: data)
  }

  /// A share as per cent with one digit behind the point.
  static func percent(_ share: Double) -> String { "\(digits(100 * share, 1)) %" }
}
