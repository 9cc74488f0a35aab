import Foundation

/// How the learning rate changes in the course of a training: a factor for every step.
///
/// A value that can be printed, compared, drawn and stored. It starts with a linear warm-up, counted
/// in steps because it waits for the optimizer's averages to fill, and goes on in phases, counted in
/// shares of the whole training.
public struct Schedule: Sendable, Equatable, Codable {
  /// The way from a phase's first factor to its last.
  public enum Curve: String, Sendable, Codable, CaseIterable {
    /// A straight line.
    case linear
    /// Half a wave: flat at both ends.
    case cosine
  }

  /// A stretch of the training with one curve.
  public struct Phase: Sendable, Equatable, Codable {
    /// The share of the training at which the phase is over, in (0, 1].
    public let end: Double
    /// The factor at its start and at its end.
    public let from, to: Double
    /// The way between them.
    public let curve: Curve

    /// Creates a phase.
    public init(until end: Double, from: Double, to: Double, curve: Curve = .linear) {
      self.end = end
      self.from = from
      self.to = to
      self.curve = curve
    }

    /// Creates a phase with the same factor throughout.
    public init(until end: Double, at factor: Double) {
      self.init(until: end, from: factor, to: factor)
    }
  }

  /// The number of steps over which the rate rises from zero.
  public let warmup: Int
  /// The phases, in order; the last ends at 1.
  public let phases: [Phase]

  /// Creates a schedule from its phases.
  public init(warmup: Int = 0, phases: [Phase]) {
    let fault = Self.fault(warmup, phases)
    insist(fault == nil, "Schedule: \(fault ?? "")")
    self.warmup = warmup
    self.phases = phases
  }

  /// The factor of a step, counted from 1 to `total`.
  public func factor(step: Int, of total: Int) -> Float {
    factor(step: step, share: Double(step) / Double(max(total, 1)))
  }

  /// The factor of a step, counted from 1, at a share of the training that need not be one of steps.
  ///
  /// Published schedules count tokens. Where batches grow, they are no share of the steps.
  public func factor(step: Int, share: Double) -> Float {
    let rise = step < warmup ? Double(max(step, 0)) / Double(warmup) : 1
    return Float(rise * factor(at: share))
  }

  /// The factor after a share of the training, the warm-up left aside.
  ///
  /// At the border of two phases the later one holds; beyond the end, the last factor.
  public func factor(at share: Double) -> Double {
    var start = 0.0
    for phase in phases {
      if share < phase.end {
        let progress = max(0, (share - start) / (phase.end - start))
        let way =
          phase.curve == .linear ? progress : 0.5 * (1 - cos(Double.pi * progress))
        return phase.from + (phase.to - phase.from) * way
      }
      start = phase.end
    }
    return phases.last?.to ?? 1
  }
}

// MARK: Named schedules

extension Schedule {
  /// The same factor throughout, after the warm-up.
  public static func constant(warmup: Int = 0) -> Schedule {
    Schedule(warmup: warmup, phases: [Phase(until: 1, at: 1)])
  }

  /// A straight line down to a floor.
  public static func linear(warmup: Int = 0, floor: Double = 0) -> Schedule {
    Schedule(warmup: warmup, phases: [Phase(until: 1, from: 1, to: floor)])
  }

  /// Half a cosine wave down to a floor.
  public static func cosine(warmup: Int = 0, floor: Double = 0.1) -> Schedule {
    Schedule(warmup: warmup, phases: [Phase(until: 1, from: 1, to: floor, curve: .cosine)])
  }

  /// Up, level, and a straight line down: the shape that suits Muon.
  public static func trapezoid(warmup: Int, level: Double = 0.3, floor: Double = 0.03)
    -> Schedule
  {
    Schedule(
      warmup: warmup,
      phases: [Phase(until: level, at: 1), Phase(until: 1, from: 1, to: floor)])
  }

  // snippet.deepseek-v3
  /// The shape of DeepSeek-V3's pre-training: a peak of 2.2e-4, and 14.8 T tokens.
  ///
  /// Paper: DeepSeek-V3 §4.2.
  public static func deepSeekV3(warmup: Int = 2000) -> Schedule {
    let tokens = 14.8
    return Schedule(
      warmup: warmup,
      phases: [
        Phase(until: 10 / tokens, at: 1),
        Phase(until: 14.3 / tokens, from: 1, to: 0.1, curve: .cosine),
        Phase(until: 14.633 / tokens, at: 0.1),
        Phase(until: 1, at: 7.3e-6 / 2.2e-4),
      ])
  }
  // snippet.end

  /// The names that `named` knows.
  public static let names = ["constant", "linear", "cosine", "trapezoid", "deepseek-v3"]

  /// One of the schedules above with its usual floor, by name.
  public static func named(_ name: String, warmup: Int) -> Schedule? {
    switch name {
    case "constant": constant(warmup: warmup)
    case "linear": linear(warmup: warmup)
    case "cosine": cosine(warmup: warmup)
    case "trapezoid": trapezoid(warmup: warmup)
    case "deepseek-v3": deepSeekV3(warmup: warmup)
    default: nil
    }
  }
}

// MARK: Reading

extension Schedule {
  private enum Key: String, CodingKey { case warmup, phases }

  /// Reads a schedule, and refuses one whose phases do not follow each other.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let warmup = try values.decode(Int.self, forKey: .warmup)
    let phases = try values.decode([Phase].self, forKey: .phases)
    if let fault = Self.fault(warmup, phases) {
      throw DecodingError.dataCorruptedError(
        forKey: .phases, in: values, debugDescription: "The schedule is broken: \(fault).")
    }
    self.init(warmup: warmup, phases: phases)
  }

  /// What is wrong with the parts of a schedule.
  private static func fault(_ warmup: Int, _ phases: [Phase]) -> String? {
    if warmup < 0 { return "a warm-up of \(warmup) steps" }
    let ends = [0] + phases.map(\.end)
    if !zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 }) || ends.last != 1 {
      return "phases that end at \(ends.dropFirst()); they must rise from above 0 to 1"
    }
    let factors = phases.flatMap { [$0.from, $0.to] }
    if !factors.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      return "factors \(factors); each must be a finite number that is not negative"
    }
    return nil
  }
}
