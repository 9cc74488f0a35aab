import ExerciseKit

/// Exercise 14.5 ●●● Share the links (45 minutes).
///
/// Several flows cross a network; each uses some links, named by their numbers. Give each flow a rate,
/// such that no link carries more than its speed, and no flow could have more without taking it from
/// one that has no more: max-min fairness.
///
/// Let all rates rise together. When a link is full, its flows stay as they are; the others go on.
///
/// - Parameters:
///   - ways: the links of each flow, at least one.
///   - speeds: what each link can carry.
/// - Returns: the rate of each flow.
///
/// Change only the body; helpers are welcome.    Try it: `swift test --filter "Exercise 14.5"`
public func fairRates(ways: [[Int]], speeds: [Double]) throws -> [Double] {
  throw Unfinished("14.5")  // TODO: replace this line
}
