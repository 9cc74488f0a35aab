/// The switches that a number of cards needs, in eight planes or in one tree of three layers.
public struct NetworkPlan: Sendable, Equatable {
  /// The planes: one for each network card of a node.
  public let planes: Int
  /// Leaves of all planes.
  public let leaves: Int
  /// Spines of all planes.
  public let spines: Int

  /// All switches.
  public var switches: Int { leaves + spines }

  /// Plans planes of two layers for some cards, with switches of k ports.
  ///
  /// A leaf has k/2 cards and as many links up; each spine has a link to every leaf, so there are
  /// at most k leaves in a plane, and no more spines than the leaves have links to fill.
  /// - Returns: nil if the cards are more than planes of two layers can join.
  public init?(cards: Int, planes: Int = 8, radix k: Int = 64) {
    guard cards > 0, planes > 0, k > 1 else { return nil }
    let perPlane = (cards + planes - 1) / planes
    let leaves = (perPlane + k / 2 - 1) / (k / 2)
    guard leaves <= k else { return nil }
    self.planes = planes
    self.leaves = planes * leaves
    // Spines are full when leaves · k/2 links fill k ports each.
    spines = leaves == 1 ? 0 : planes * ((leaves * (k / 2) + k - 1) / k)
  }
}
