import CommandLine
import Foundation
import RL

/// A number of one kind of problem, whether it is a share, and where it stands.
private typealias Column = (
  key: String, isShare: Bool, of: @Sendable (RecordedEnding.Part) -> Double
)

extension RLDemo {
  /// The numbers that are told of each kind of problem.
  private static let columns: [Column] = [
    ("greedy", true, { $0.greedy }), ("pass1", true, { $0.passAt1 }),
    ("pass8", true, { $0.passAt8 }), ("length", false, { $0.length }),
  ]

  /// Tells what base and best policy did on held-out problems, and how much the seeds differ.
  mutating func showExaminations() throws {
    let endings = try Self.seeds.map { try Self.ending("zero-seed-\($0)") }
    for (seed, ending) in zip(Self.seeds, endings) {
      note("zero.\(seed).best", ending.bestUpdate)
      note("zero.\(seed).gain.low", ending.gain.low)
      note("zero.\(seed).gain.high", ending.gain.high)
    }
    Console.print("Held-out problems, base → best policy, means of \(endings.count) seeds")
    let kinds = endings[0].before.parts.map(\.task)
    for kind in kinds { compare(kind, endings) }
    Console.print()
    tellSpread(endings)
  }

  /// One kind of problem before and after: every seed, and their mean with its interval.
  private mutating func compare(_ kind: String, _ endings: [RecordedEnding]) {
    let key = kind.replacing(" ", with: "-")
    var texts: [String] = []
    for column in Self.columns {
      var means: [String] = []
      for (stage, marks) in [("before", \RecordedEnding.before), ("after", \.after)] {
        let numbers = endings.compactMap { ending in
          ending[keyPath: marks].parts.first { $0.task == kind }.map(column.of)
        }
        for (seed, number) in zip(Self.seeds, numbers) {
          note("zero.\(seed).\(stage).\(key).\(column.key)", number)
        }
        note("zero.mean.\(stage).\(key).\(column.key)", numbers, isShare: column.isShare)
        means.append(Self.digits(SeedInterval(numbers).mean, column.isShare ? 3 : 1))
      }
      texts.append("\(column.key) \(means.joined(separator: " → "))")
    }
    report(kind, texts.joined(separator: ", "))
  }

  /// The means over all sums, with intervals over the seeds.
  private mutating func tellSpread(_ endings: [RecordedEnding]) {
    Console.print(
      "All sums and all controls: mean of \(endings.count) seeds, and its interval of 95 % (Student's t)"
    )
    typealias Line = (
      key: String, name: String, isShare: Bool, of: (RecordedEnding.Marks) -> Double
    )
    let numbers: [Line] = [
      ("greedy", "right, greedy", true, { $0.greedy }),
      ("pass1", "pass@1", true, { $0.passAt1 }),
      ("pass8", "pass@8", true, { $0.passAt8 }), ("length", "tokens", false, { $0.length }),
      ("valid", "valid", true, { $0.valid }),
      ("sorting", "sorting", true, { $0.control("sorting") }),
      ("copying", "copying", true, { $0.control("copying") }),
    ]
    for number in numbers {
      let before = endings.map { number.of($0.before) }
      let after = endings.map { number.of($0.after) }
      note("zero.mean.before.\(number.key)", before, isShare: number.isShare)
      note("zero.mean.after.\(number.key)", after, isShare: number.isShare)
      note("zero.mean.gain.\(number.key)", zip(before, after).map { $1 - $0 }, isShare: false)
      report(
        number.name,
        "\(Self.interval(before, number.isShare)) → \(Self.interval(after, number.isShare))")
    }
    Console.print()
  }

  /// Keeps a mean and the ends of its interval.
  private mutating func note(_ key: String, _ numbers: [Double], isShare: Bool) {
    let spread = SeedInterval(numbers, isShare: isShare)
    note(key, spread.mean)
    note("\(key).low", spread.low)
    note("\(key).high", spread.high)
  }

  private static func interval(_ numbers: [Double], _ isShare: Bool) -> String {
    let spread = SeedInterval(numbers, isShare: isShare)
    let places = isShare ? 3 : 1
    return "\(digits(spread.mean, places)) (\(digits(spread.low, places)) to "
      + "\(digits(spread.high, places)))"
  }

  /// Tells what a thought is worth to each base, whole, cut short, empty or false.
  mutating func showProbes() throws {
    Console.print("What a thought is worth to the base, greedy on held-out sums")
    for seed in Self.seeds {
      guard let probes = try Self.ending("zero-seed-\(seed)").probes else { continue }
      let key = "probes.\(seed)"
      note("\(key).size", probes.size)
      note("\(key).problems", probes.problems)
      note("\(key).votes", probes.votes)
      for (name, number) in [
        ("thinking", probes.thinking), ("direct", probes.direct), ("filler", probes.filler),
        ("vote", probes.vote), ("followed", probes.followed),
        ("right-after-false", probes.rightAfterFalse),
      ] { note("\(key).\(name)", number) }
      for cut in probes.cuts { note("\(key).cut.\(cut.tokens)", cut.right) }
      report(
        "seed \(seed)",
        "thinking \(Self.digits(probes.thinking, 3)), direct \(Self.digits(probes.direct, 3)), "
          + "full stops \(Self.digits(probes.filler, 3)), vote of \(probes.votes) "
          + "\(Self.digits(probes.vote, 3)), follows a false sum "
          + Self.digits(probes.followed, 3))
      report(
        "",
        "cut after "
          + probes.cuts.map { "\($0.tokens): \(Self.digits($0.right, 2))" }
          .joined(separator: ", "))
    }
    Console.print()
  }

  /// Tells what became of another task: products of two digits by two.
  mutating func showProducts() throws {
    let ending = try Self.ending("products-seed-0")
    Console.print(
      "Products of two digits by two, \(ending.before.sums[0].problems) held-out problems")
    for (stage, marks) in [("before", ending.before), ("after", ending.after)] {
      let key = "products.\(stage)"
      note("\(key).greedy", marks.greedy)
      note("\(key).pass1", marks.passAt1)
      note("\(key).pass8", marks.passAt8)
      note("\(key).length", marks.length)
      note("\(key).sorting", marks.control("sorting"))
      note("\(key).copying", marks.control("copying"))
      report(
        stage == "before" ? "base" : "update \(ending.bestUpdate)",
        "right \(Self.digits(marks.greedy, 3)) greedy, \(Self.digits(marks.passAt1, 3)) sampled, "
          + "pass@8 \(Self.digits(marks.passAt8, 3)), tokens \(Self.digits(marks.length, 1)), "
          + "sorting \(Self.digits(marks.control("sorting"), 3))")
    }
    note("products.updates", ending.updates)
    note("products.problems", ending.before.sums[0].problems)
    note("products.gain.low", ending.gain.low)
    note("products.gain.high", ending.gain.high)
    Console.print()
  }
}
