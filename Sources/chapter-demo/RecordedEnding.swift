/// What `deepseek reason --json` told at the end of a recorded run.
struct RecordedEnding: Decodable {
  /// One kind of problem.
  struct Part: Decodable {
    let task: String
    let problems: Int
    let greedy, greedyLength, passAt1, passAt8, consAt8, length, valid: Double
  }

  /// The marks of the base or of the best policy.
  struct Marks: Decodable {
    let greedy, passAt1, passAt8, consAt8, length, valid: Double
    let sums, controls: [Part]
  }

  /// The ends of an interval of 95 %.
  struct Interval: Decodable {
    let low, high: Double
  }

  /// What a thought is worth to the base.
  struct Probes: Decodable {
    /// A thought of which so many tokens are left.
    struct Cut: Decodable {
      let tokens: Int
      let right: Double
    }
    let size, problems, votes: Int
    let thinking, direct, filler, vote, followed, rightAfterFalse: Double
    let cuts: [Cut]
  }

  let before, after: Marks
  let gain: Interval
  let updates, bestUpdate: Int
  let seconds: Double
  let probes: Probes?
}

/// A recorded file that is missing or damaged, in one sentence.
struct RecordError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension RecordedEnding.Marks {
  /// The problems that are trained, then the controls.
  var parts: [RecordedEnding.Part] { sums + controls }

  /// The mean greedy accuracy of the controls of one family.
  func control(_ family: String) -> Double {
    let own = controls.filter { $0.task.hasPrefix(family + " ") }.map(\.greedy)
    return own.reduce(0, +) / Double(max(own.count, 1))
  }
}
