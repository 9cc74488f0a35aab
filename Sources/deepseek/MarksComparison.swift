import Foundation
import RL

/// The marks of a model before and after it learnt, beside each other.
struct MarksComparison {
  let before, after: ReasonerMarks

  /// By how much greedy accuracy grew: an interval of 95 % over the problems.
  var gain: ShareInterval {
    func scores(_ marks: ReasonerMarks) -> [Double] {
      marks.sums.flatMap { $0.right.map { $0 ? 1 : 0 } }
    }
    return .pairedBootstrap(scores(before), scores(after))
  }

  /// A table with a line for each kind of problem.
  var lines: [String] {
    let gain = gain
    let rows = zip(before.sums + before.controls, after.sums + after.controls).map { old, new in
      let name = old.name.padding(toLength: 18, withPad: " ", startingAt: 0)
      return "\(name)  \(decimal(old.greedy)) → \(decimal(new.greedy))   "
        + "\(decimal(old.passAt1)) → \(decimal(new.passAt1))   "
        + "\(decimal(old.length)) → \(decimal(new.length))"
    }
    return ["Held-out problems   greedy            pass@1            tokens"] + rows + [
      "The greedy gain lies between \(decimal(gain.low)) and \(decimal(gain.high)) (95 %)."
    ]
  }
}
