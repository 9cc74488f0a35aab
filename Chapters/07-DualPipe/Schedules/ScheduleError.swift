/// Why there is no such schedule.
public enum ScheduleError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No schedule has this name.
  case unknown(name: String)
  /// The schedule cannot be laid out for so many ranks.
  case ranks(Int, schedule: String, rule: String)
  /// The schedule cannot be laid out for so many micro-batches.
  case microBatches(Int, schedule: String, rule: String)
  /// The schedule cannot cut its model into so many stages a rank.
  case chunks(Int, schedule: String, rule: String)

  /// One sentence that names the schedule, the number and the rule.
  public var description: String {
    switch self {
    case .unknown(let name):
      "No schedule is called \(name.debugDescription); there are "
        + PipelineSchedule.names.joined(separator: ", ") + "."
    case .ranks(let count, let schedule, let rule): "\(schedule): \(count) ranks; it \(rule)."
    case .microBatches(let count, let schedule, let rule):
      "\(schedule): \(count) micro-batches; it \(rule)."
    case .chunks(let count, let schedule, let rule):
      "\(schedule): \(count) chunks a rank; it \(rule)."
    }
  }
}

/// The sizes that a schedule was asked for, and what they must obey.
struct ScheduleSizes {
  static let mostRanks = 64
  static let mostMicroBatches = 4096
  static let mostChunks = 16

  let schedule: String
  let ranks, microBatches: Int

  /// Accepts what is possible for any schedule and small enough to lay out.
  init(_ schedule: String, ranks: Int, microBatches: Int) throws(ScheduleError) {
    (self.schedule, self.ranks, self.microBatches) = (schedule, ranks, microBatches)
    try check(
      ranks: (1...Self.mostRanks).contains(ranks), "takes from 1 to \(Self.mostRanks)")
    try check(
      microBatches: (1...Self.mostMicroBatches).contains(microBatches),
      "takes from 1 to \(Self.mostMicroBatches)")
  }

  func check(ranks isRight: Bool, _ rule: String) throws(ScheduleError) {
    if !isRight { throw .ranks(ranks, schedule: schedule, rule: rule) }
  }

  func check(microBatches isRight: Bool, _ rule: String) throws(ScheduleError) {
    if !isRight { throw .microBatches(microBatches, schedule: schedule, rule: rule) }
  }
}
