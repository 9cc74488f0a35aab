/// A curve in a line of text: ▇▅▃▂▁.
public enum Sparkline {
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Draws the values from the lowest bar for the least to the highest for the greatest.
  ///
  /// More values than `width` are averaged in groups of equal size. A value that is not finite
  /// is a blank; equal values are bars of middle height.
  public static func text(_ values: [Double], width: Int = .max) -> String {
    let shown = values.count > width ? averaged(values, groups: max(width, 0)) : values
    let finite = shown.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max() else {
      return String(repeating: " ", count: shown.count)
    }
    let span = greatest - least
    return String(
      shown.map { value -> Character in
        if !value.isFinite { return " " }
        if !(span > 0 && span.isFinite) { return bars[3] }
        return bars[min(Int((value - least) / span * 8), 7)]
      })
  }

  private static func averaged(_ values: [Double], groups: Int) -> [Double] {
    (0..<groups).map { group in
      let part = values[group * values.count / groups..<(group + 1) * values.count / groups]
      let finite = part.filter(\.isFinite)
      return finite.reduce(0, +) / Double(finite.count)
    }
  }
}
