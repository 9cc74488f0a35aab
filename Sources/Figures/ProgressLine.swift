import Foundation

/// The line that long work keeps on the terminal: how far, how well, how fast, how long still.
///
/// On a terminal the line is rewritten in place, at most ten times a second. Elsewhere a line is
/// added every so often, so that a log stays readable. Everything goes to standard error.
public final class ProgressLine {
  private let first: Int
  private let total: Int?
  private let budget: Double?
  private let unit: String
  private let isTerminal: Bool
  private let width: Int
  private let pause: Double
  private let clock: () -> Double
  private let sink: (String) -> Void

  private let start: Double
  private var trend: [Double] = []
  private var latest: State?
  private var lastShown: Double?
  private var isShowing = false

  private struct State {
    let step: Int
    let values: KeyValuePairs<String, Double>
    let elapsed, done: Double
  }

  /// Creates the line of work that takes `total` steps, or `seconds`, or nobody knows how long.
  ///
  /// Work that continues after `first` steps is timed by those that it takes itself. `unit` names
  /// what `done` counts in `update`. Tests give a clock and a sink of their own.
  public init(
    from first: Int = 0, of total: Int? = nil, seconds budget: Double? = nil,
    unit: String = "tok",
    isTerminal: Bool = isatty(STDERR_FILENO) == 1, width: Int = ProgressLine.terminalWidth,
    clock: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime },
    sink: @escaping (String) -> Void = {
      try? FileHandle.standardError.write(contentsOf: Data($0.utf8))
    }
  ) {
    (self.first, self.total, self.budget, self.unit) = (first, total, budget, unit)
    (self.isTerminal, self.width, self.clock, self.sink) = (isTerminal, width, clock, sink)
    pause = isTerminal ? 0.1 : 10
    start = clock()
  }

  /// The columns of the terminal, or 80 when nobody says.
  public static var terminalWidth: Int {
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
    return min(max(columns, 20), 400)
  }

  /// Tells how far the work is.
  ///
  /// - Parameters:
  ///   - step: The steps that are finished.
  ///   - values: What to show, such as the loss; the first one is also drawn as a curve.
  ///   - done: How many units are finished since the start, for the rate.
  public func update(step: Int, values: KeyValuePairs<String, Double> = [:], done: Double = 0) {
    let now = clock()
    if let first = values.first { trend.append(first.value) }
    latest = State(step: step, values: values, elapsed: now - start, done: done)
    if let lastShown, now - lastShown < pause { return }
    lastShown = now
    show()
  }

  /// Removes the line, so that other text can be printed where it stood.
  public func clear() {
    guard isShowing else { return }
    sink("\r\u{1B}[K")
    isShowing = false
    lastShown = nil
  }

  /// Shows the last state for good and goes to the next line, also after an interrupt.
  public func finish() {
    show()
    if isShowing { sink("\n") }
    isShowing = false
  }

  private func show() {
    guard let state = latest else { return }
    let line = ProgressLine.render(
      step: state.step, from: first, of: total, seconds: budget, values: state.values,
      elapsed: state.elapsed, done: state.done, unit: unit, trend: trend,
      width: width - 1, isPlain: !isTerminal)
    sink(isTerminal ? "\r" + line + "\u{1B}[K" : line + "\n")
    (latest, isShowing) = (nil, isTerminal)
  }

  /// Returns the line for a state, leaving out the least important parts that do not fit.
  ///
  /// A plain line, for logs, has no pictures and any width.
  package static func render(
    step: Int, from first: Int = 0, of total: Int?, seconds budget: Double? = nil,
    values: KeyValuePairs<String, Double>, elapsed: Double, done: Double = 0,
    unit: String = "tok", trend: [Double] = [], width: Int = 80,
    isPlain: Bool = false
  ) -> String {
    var share: Double?
    var timed: Double?
    if let total, total > first {
      share = Double(step) / Double(total)
      timed = Double(step - first) / Double(total - first)
    }
    if let budget, budget > 0 {
      share = max(share ?? 0, elapsed / budget)
      timed = max(timed ?? 0, elapsed / budget)
    }

    var head = "step \(step)" + (total.map { "/\($0)" } ?? "")
    for (name, value) in values { head += "  \(name) \(steady(value))" }
    let curve = trend.count > 1 ? "  " + Sparkline.text(trend, width: 16) : ""
    let rate = done > 0 && elapsed > 0 ? "  \(Digits.short(done / elapsed)) \(unit)/s" : ""
    let bar = share.map { "  " + ProgressLine.bar($0, width: 12) } ?? ""
    let left = timed.map { timeLeft($0, elapsed) } ?? "  " + time(elapsed)

    if isPlain { return head + rate + left }
    for parts in [
      [head, curve, rate, left, bar], [head, curve, rate, left], [head, rate, left],
    ] {
      let line = parts.joined()
      if line.count <= width { return line }
    }
    return String((head + left).prefix(max(width, 0)))
  }

  /// Writes a value so that its width does not change from step to step.
  private static func steady(_ value: Double) -> String {
    let size = abs(value)
    let isUsual = size == 0 || (size >= 0.001 && size < 100)
    return isUsual ? Digits.fixed(value, keepsZeros: true) : Digits.short(value)
  }

  /// The time that the rest takes if it goes on like this.
  private static func timeLeft(_ share: Double, _ elapsed: Double) -> String {
    if share >= 1 { return "  " + time(elapsed) }
    guard share > 0 else { return "" }
    return "  " + time(elapsed * (1 - share) / share) + " left"
  }

  /// Writes seconds as 0:07, 12:05 or 3:02:59.
  package static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.isFinite ? seconds : 0, 0), 3e9).rounded())
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let rest = ":" + two(whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes))\(rest)" : "\(minutes)\(rest)"
  }

  /// Draws a bar of eighths of a letter.
  private static func bar(_ share: Double, width: Int) -> String {
    let parts: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let eighths = Int(min(max(share.isFinite ? share : 0, 0), 1) * Double(width * 8))
    var text = String(repeating: "█", count: eighths / 8)
    if eighths < width * 8 { text.append(parts[eighths % 8]) }
    return "▕" + text + String(repeating: " ", count: width - text.count) + "▏"
  }
}
