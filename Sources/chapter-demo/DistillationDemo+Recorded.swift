import CommandLine
import Distillation
import Figures
import Foundation

/// The runs of one method with the same student, which differ in their seeds.
private struct Rivals {
  let key: String
  let name: String
  let records: [StudentRecord]

  /// A number as its mean over the seeds, and between what it lies.
  func spread(_ number: (StudentRecord) -> Double) -> (mean: Double, range: ClosedRange<Double>)
  {
    let values = records.map(number)
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return (mean, (values.min() ?? mean)...(values.max() ?? mean))
  }
}

extension DistillationDemo {
  /// The student whose ways of learning are compared.
  private static let compared = Student.standard.name

  private static let methods: [(DistillationPlan.Method, key: String, name: String)] = [
    (.reinforcement, "reinforcement", "rewards alone"),
    (.sequence, "sequence", "the teacher's text"),
    (.forward, "forward", "forward divergence"),
    (.reverse, "reverse", "reverse divergence"),
    (.onPolicy, "on-policy", "on policy, β = λ = ½"),
  ]

  /// "1 seed" or "3 seeds".
  private static func seeds(_ records: [StudentRecord]) -> String {
    "\(records.count) seed\(records.count == 1 ? "" : "s")"
  }

  /// Tells what students learnt in five ways at equal tokens, and six sizes from one text.
  ///
  /// A run takes minutes, so it is not repeated here.
  mutating func showRecordedStudents() throws {
    let records = try StudentRecord.all()
    let own = records.filter { $0.student?.name == Self.compared }
    let rivals = Self.methods.map { method, key, name in
      Rivals(key: key, name: name, records: own.filter { $0.method == method })
    }.filter { !$0.records.isEmpty }
    if let record = own.first(where: { $0.method == .sequence }), let samples = record.samples {
      note("samples.kept", samples.kept)
      note("samples.asked", samples.asked)
      note("samples.tokens", samples.tokens)
      note("epochs", Double(record.tokens) / Double(samples.tokens))
    }
    compare(rivals)
    drawCourses(rivals)
    showExposure(rivals)
    compareSizes(records.filter { $0.method == .sequence })
  }

  private mutating func compare(_ rivals: [Rivals]) {
    Console.print(
      "Students as recorded: deepseek distill, 189 thousand weights, held-out sums of 8 to 10 digits"
    )
    for entry in rivals {
      let after = entry.spread(\.after.greedy)
      let key = "method.\(entry.key)"
      note("\(key).seeds", entry.records.count)
      note("\(key).before", entry.spread(\.before.greedy).mean)
      note("\(key).before-sampled", entry.spread(\.before.passAt1).mean)
      note("\(key).before-length", entry.spread(\.before.length).mean)
      note("\(key).greedy", after.mean)
      note("\(key).low", after.range.lowerBound)
      note("\(key).high", after.range.upperBound)
      note("\(key).sampled", entry.spread(\.after.passAt1).mean)
      note("\(key).length", entry.spread(\.after.length).mean)
      note("\(key).greedy-length", entry.spread(\.after.greedyLength).mean)
      note("\(key).controls-before", entry.spread(\.control.before).mean)
      note("\(key).controls", entry.spread(\.control.after).mean)
      note("\(key).tokens", entry.spread { Double($0.tokens) }.mean)
      note("\(key).steps", entry.spread { Double($0.steps) }.mean)
      note("\(key).seconds", entry.spread(\.seconds).mean)
      let sizes = entry.records[0].after.sums.map(\.task)
      let bySize = sizes.indices.map { size in entry.spread { $0.after.sums[size].greedy }.mean
      }
      for (task, right) in zip(sizes, bySize) {
        note("\(key).\(task.split(separator: " ").last ?? "")", right)
      }
      report(
        entry.name,
        "right \(Self.digits(after.mean, 3)) greedy "
          + "(\(Self.digits(after.range.lowerBound, 3)) to "
          + "\(Self.digits(after.range.upperBound, 3)) in \(Self.seeds(entry.records))), "
          + "\(Self.digits(entry.spread(\.after.passAt1).mean, 3)) sampled, controls "
          + "\(Self.digits(entry.spread(\.control.after).mean, 3)), "
          + "\(Int(entry.spread { Double($0.tokens) }.mean)) tokens in "
          + "\(Int(entry.spread { Double($0.steps) }.mean)) steps")
      report("", "by digits: " + bySize.map { Self.digits($0, 3) }.joined(separator: " "))
    }
    Console.print()
    draw(
      "methods",
      BarChart(
        title: "What a student is worth after as many tokens",
        description:
          "The share of right answers to held-out sums for a student of 189 thousand weights, by what "
          + "it learnt from. Bars are means over seeds, whiskers reach from the worst seed to the "
          + "best. Rewards alone are compared with the teacher's text and with three divergences.",
        valueLabel: "right, held-out sums of 8 to 10 digits", groups: rivals.map(\.name),
        series: [
          .init(
            "greedy", rivals.map { $0.spread(\.after.greedy).mean }, ink: .series(0),
            ranges: rivals.map { $0.spread(\.after.greedy).range }),
          .init(
            "sampled", rivals.map { $0.spread(\.after.passAt1).mean }, ink: .series(1),
            ranges: rivals.map { $0.spread(\.after.passAt1).range }),
        ], format: { Self.digits($0, 2) }))
  }

  /// Greedy accuracy over the tokens, of the first seed of each method whose steps are recorded.
  private mutating func drawCourses(_ rivals: [Rivals]) {
    let courses = rivals.compactMap { entry in
      entry.records.first { !$0.reports.isEmpty }.map { (entry, $0) }
    }
    guard !courses.isEmpty else { return }
    draw(
      "learning",
      LineChart(
        title: "The same tokens, five ways",
        description:
          "Greedy accuracy on held-out sums over the tokens that gave the student a gradient, in "
          + "thousands, one seed of each method. All begin where guessing begins.",
        xLabel: "thousands of gradient tokens", yLabel: "right, greedy",
        series: courses.enumerated().map { index, course in
          let (entry, record) = course
          let looks = record.reports.compactMap { report in
            report.greedy.map { (x: Double(report.tokens) / 1000, y: $0) }
          }
          return .init(
            entry.name, [(0, record.before.greedy)] + looks, ink: .series(index),
            hasMarkers: true)
        }, references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
  }

  /// The divergence from the teacher on the student's own text, and on the teacher's.
  private mutating func showExposure(_ rivals: [Rivals]) {
    let runs = rivals.first { $0.key == "on-policy" }?.records.prefix(1).filter {
      !$0.reports.isEmpty
    }
    guard let runs, let all = runs.first?.tokens else { return }
    let reports = runs.flatMap(\.reports)
    let parts = 10
    func mean(_ part: Int, own: Bool) -> Double {
      let losses = reports.filter {
        $0.isOnPolicy == own && min(($0.tokens - 1) * parts / all, parts - 1) == part
      }.compactMap(\.loss)
      return losses.isEmpty ? .nan : losses.reduce(0, +) / Double(losses.count)
    }
    Console.print("Divergence from the teacher while learning on policy, nats a token")
    for (word, part) in [("first", 0), ("last", parts - 1)] {
      let (own, theirs) = (mean(part, own: true), mean(part, own: false))
      guard own.isFinite, theirs.isFinite else { continue }
      note("exposure.\(word).own", own)
      note("exposure.\(word).teacher", theirs)
      report(
        "\(word) tenth",
        "\(Self.digits(own, 4)) on its own text, \(Self.digits(theirs, 4)) on the teacher's")
    }
    Console.print()
    func points(own: Bool) -> [(x: Double, y: Double)] {
      (0..<parts).map {
        ((Double($0) + 0.5) / Double(parts) * Double(all) / 1000, mean($0, own: own))
      }
    }
    draw(
      "exposure",
      LineChart(
        title: "Further from the teacher on its own text",
        description:
          "The Jensen–Shannon divergence of student and teacher over the tokens, in tenths of an "
          + "on-policy run: on texts that the student wrote, and on texts of the teacher.",
        xLabel: "thousands of gradient tokens", yLabel: "nats a token", yScale: .logarithmic,
        series: [
          .init("the student's text", points(own: true), ink: .series(0), hasMarkers: true),
          .init("the teacher's text", points(own: false), ink: .series(1), hasMarkers: true),
        ]))
  }

  /// What six sizes learn from the same text.
  private mutating func compareSizes(_ records: [StudentRecord]) {
    let sizes = Student.all.compactMap { student -> (Student, Rivals)? in
      let own = records.filter { $0.student == student }
      return own.isEmpty
        ? nil : (student, Rivals(key: student.name, name: student.name, records: own))
    }
    guard sizes.count > 2 else { return }
    Console.print("Students of six sizes and the same text")
    for (student, entry) in sizes {
      let after = entry.spread(\.after.greedy)
      let key = "size.\(student.name)"
      note("\(key).weights", entry.records[0].parameters)
      note("\(key).before", entry.spread(\.before.greedy).mean)
      note("\(key).greedy", after.mean)
      note("\(key).low", after.range.lowerBound)
      note("\(key).high", after.range.upperBound)
      note("\(key).sampled", entry.spread(\.after.passAt1).mean)
      note("\(key).controls", entry.spread(\.control.after).mean)
      note("\(key).rate", Double(student.rate) / 10)
      report(
        student.name,
        "\(entry.records[0].parameters) weights: right "
          + "\(Self.digits(entry.spread(\.before.greedy).mean, 3)) → \(Self.digits(after.mean, 3)) "
          + "greedy, \(Self.digits(entry.spread(\.after.passAt1).mean, 3)) sampled, controls "
          + Self.digits(entry.spread(\.control.after).mean, 3))
    }
    Console.print()
    func points(_ family: (Student) -> Bool, _ number: (StudentRecord) -> Double) -> [(
      x: Double, y: Double
    )] {
      sizes.filter { family($0.0) }.map {
        (Double($0.1.records[0].parameters), $0.1.spread(number).mean)
      }
    }
    draw(
      "sizes",
      LineChart(
        title: "The same text, six students",
        description:
          "The share of right answers to held-out sums over the number of weights, on a logarithmic "
          + "axis, before and after learning from the same text.",
        xLabel: "weights", yLabel: "right, held-out sums", xScale: .logarithmic,
        series: [
          .init(
            "greedy", points({ _ in true }, \.after.greedy), ink: .series(0), hasMarkers: true),
          .init(
            "sampled", points({ _ in true }, \.after.passAt1), ink: .series(1), hasMarkers: true
          ),
          .init(
            "the base, greedy", points({ _ in true }, \.before.greedy), ink: .series(2),
            hasMarkers: true),
        ], references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
  }
}
