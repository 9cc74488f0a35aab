/// A day of DeepSeek's service, 27 to 28 February 2025: open-infra-index, day 6.
public enum ServiceDay {
  /// Nodes of eight H800, on average.
  public static let nodes = 226.75
  /// Tokens of prompts.
  public static let prompted = 608e9
  /// Tokens of prompts that were in the cache on disk.
  public static let found = 342e9
  /// Tokens written.
  public static let written = 168e9
  /// Dollars for a million tokens: a prompt's that is in the cache, one that is not, one written.
  public static let prices = (found: 0.14, fresh: 0.55, written: 2.19)
  /// What is printed: cost and income in dollars, and the margin in per cent.
  public static let published = (cost: 87_072.0, income: 562_027.0, margin: 545.0)

  /// Dollars of rent, at two an hour and card.
  public static var cost: Double { nodes * 8 * 24 * 2 }
  /// Dollars if all had paid R1's price.
  ///
  /// They did not: V3 is cheaper, nights are, and much is free, as the source says.
  public static var income: Double {
    (found * prices.found + (prompted - found) * prices.fresh + written * prices.written) / 1e6
  }
}
