import CommandLine
import Figures
import Foundation
import RL
import SmallR1

extension SmallR1Demo {
  private static let remedies: [(remedy: HackingResult.Remedy, name: String)] = [
    (.none, "nothing"), (.leash, "a leash"), (.gate, "a rule first"),
    (.repair, "people repaired"),
  ]

  /// Tells how a reward model is hacked, and what helps.
  mutating func showHacking(_ records: SmallR1Records) {
    let results = records.runs.compactMap(\.hacking)
    guard let first = results.first else { return }
    Console.print("Hacking, as recorded: score of the reward model, worth to people, words")
    for (remedy, name) in Self.remedies {
      let courses = results.compactMap { $0[remedy] }
      guard !courses.isEmpty else { continue }
      tell(courses, remedy.rawValue, name)
    }
    Console.print()
    drawHacking(first)
  }

  /// Tells of last stages that went on for too long.
  mutating func showOverdone(_ records: SmallR1Records) {
    guard let first = records.overdone.first, !first.isEmpty else { return }
    Console.print("A last stage of 160 updates: score, worth to people, sorting and copying")
    for (seed, reports) in records.overdone.enumerated() {
      for report in reports where report.update.isMultiple(of: 10) {
        let key = "overdone.\(seed).\(report.update)"
        note("\(key).score", report.score ?? 0)
        note("\(key).value", report.value ?? 0)
        note("\(key).breadth", report.controls ?? 0)
        self.report(
          "seed \(seed), update \(report.update)",
          "score \(Self.signed(report.score ?? 0, 2)), value \(Self.signed(report.value ?? 0, 2)), "
            + "controls \(Self.digits(report.controls ?? 0, 2))")
      }
    }
    Console.print()
    func points(_ number: (ReinforcementReport) -> Double?) -> [(x: Double, y: Double)] {
      first.compactMap { report in number(report).map { (Double(report.update), $0) } }
    }
    draw(
      "overdone",
      LineChart(
        title: "The same people, for too long",
        description:
          "The score of a reward model that learnt from honest pairs, and what the answers are worth, "
          + "over the last forty of 160 updates. Both rise together for thirty updates. Then the score "
          + "goes on, and the worth falls to nothing within four.",
        xLabel: "update", yLabel: "score and worth",
        series: [
          .init("score, which is paid", points(\.score), ink: .series(0), hasMarkers: true),
          .init("worth to people", points(\.value), ink: .series(1), hasMarkers: true),
        ], yIncludes: [0]))
  }

  private mutating func tell(_ courses: [HackingResult.Course], _ key: String, _ name: String) {
    func mean(_ number: (HackingResult.Course) -> Double?) -> Double {
      Self.mean(courses.compactMap(number))
    }
    let key = "hacking.\(key)"
    typealias Number = (String, (HackingResult.Point) -> Double)
    let numbers: [Number] = [
      ("score", { $0.score }), ("value", { $0.value }), ("words", { $0.words }),
      ("accuracy", { $0.accuracy }),
    ]
    for (name, number) in numbers {
      note("\(key).first.\(name)", mean { $0.points.first.map(number) })
      note("\(key).last.\(name)", mean { $0.points.last.map(number) })
      note("\(key).best.\(name)", mean { $0.best.map(number) })
    }
    note("\(key).best.update", mean { $0.best.map { Double($0.update) } })
    note("\(key).last.update", mean { $0.points.last.map { Double($0.update) } })
    note("\(key).longer", mean(\.rewardModel.longer))
    note("\(key).agreement", mean(\.rewardModel.agreement))
    note("\(key).pairs", mean { Double($0.rewardModel.trained) })
    for (seed, course) in courses.enumerated() {
      note("\(key).\(seed).last.value", course.points.last?.value ?? 0)
      note("\(key).\(seed).last.score", course.points.last?.score ?? 0)
    }
    func pair(_ place: String, _ name: String) -> Double {
      noted("\(key).\(place).\(name)") ?? 0
    }
    report(
      name,
      ["score", "value", "words"].map { number in
        "\(number) \(Self.signed(pair("first", number), 2)) → \(Self.signed(pair("last", number), 2))"
      }.joined(separator: ", ")
        + ", best \(Self.signed(pair("best", "value"), 2)) at update "
        + Self.digits(pair("best", "update"), 0))
  }

  private mutating func drawHacking(_ result: HackingResult) {
    func points(
      _ remedy: HackingResult.Remedy, _ number: (HackingResult.Point) -> Double
    ) -> [(x: Double, y: Double)] {
      (result[remedy]?.points ?? []).map { (Double($0.update), number($0)) }
    }
    draw(
      "hacking",
      LineChart(
        title: "The score rises, and nobody likes the answers",
        description:
          "What the flawed reward model says of the policy's answers over the updates, what they are "
          + "worth to people, and how many words they have. The score rises to the end; the worth "
          + "rises at first and falls as the answers grow longer.",
        xLabel: "update", yLabel: "score, worth and words",
        series: [
          .init(
            "score, which is paid", points(.none, \.score), ink: .series(0), hasMarkers: true),
          .init("worth to people", points(.none, \.value), ink: .series(1), hasMarkers: true),
          .init("words", points(.none, \.words), ink: .series(2), hasMarkers: true),
        ], yIncludes: [0]))
    draw(
      "remedies",
      LineChart(
        title: "What the answers are worth, by what is done",
        description:
          "What people think of the policy's answers over the updates of four courses: nothing is done, "
          + "the policy is on a leash, a rule stands before the reward model, and people are repaired.",
        xLabel: "update", yLabel: "worth to people",
        series: Self.remedies.enumerated().map { index, entry in
          .init(
            entry.name, points(entry.remedy, \.value), ink: .series(index), hasMarkers: true)
        }, references: [.init("three right words", y: 3)], yIncludes: [0, 3]))
  }
}
