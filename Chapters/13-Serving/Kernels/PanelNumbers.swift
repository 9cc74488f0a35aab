import Tensors

/// A number for each output that is computed at once: those of one panel, or of two side by side.
protocol PanelNumbers {
  /// The same number for each.
  init(repeating number: Float)
  /// What each panel says; the first has number 0.
  init(_ panel: (Int) -> Sixteen)
  static func + (_ a: Self, _ b: Self) -> Self
  /// sum + a · b.
  static func adding(_ sum: Self, _ a: Self, _ b: Self) -> Self
  /// Writes the first numbers.
  func put(_ count: Int, _ out: UnsafeMutablePointer<Float>)
}

/// The sixteen numbers of a panel.
struct OnePanel: PanelNumbers {
  private let values: Sixteen

  @inline(__always)
  private init(_ values: Sixteen) { self.values = values }

  @inline(__always)
  init(repeating number: Float) { values = Sixteen(repeating: number) }

  @inline(__always)
  init(_ panel: (Int) -> Sixteen) { values = panel(0) }

  @inline(__always)
  static func + (_ a: OnePanel, _ b: OnePanel) -> OnePanel { OnePanel(a.values + b.values) }

  @inline(__always)
  static func adding(_ sum: OnePanel, _ a: OnePanel, _ b: OnePanel) -> OnePanel {
    OnePanel(Tensors.adding(sum.values, a.values, b.values))
  }

  @inline(__always)
  func put(_ count: Int, _ out: UnsafeMutablePointer<Float>) {
    if count >= 16 { return store(values, out) }
    for lane in 0..<count { out[lane] = values[lane] }
  }
}

/// The numbers of two panels side by side.
///
/// Two are read at once for two reasons. A row alone has too few sums: each addition waits some
/// cycles for the one before it, and meanwhile the core has nothing else to do. And the processor,
/// which fetches what comes next from a place that is read from, does so for each of two places.
struct TwoPanels: PanelNumbers {
  private let left, right: OnePanel

  @inline(__always)
  private init(_ left: OnePanel, _ right: OnePanel) { (self.left, self.right) = (left, right) }

  @inline(__always)
  init(repeating number: Float) {
    (left, right) = (OnePanel(repeating: number), OnePanel(repeating: number))
  }

  @inline(__always)
  init(_ panel: (Int) -> Sixteen) {
    left = OnePanel { _ in panel(0) }
    right = OnePanel { _ in panel(1) }
  }

  @inline(__always)
  static func + (_ a: Self, _ b: Self) -> Self { Self(a.left + b.left, a.right + b.right) }

  @inline(__always)
  static func adding(_ sum: Self, _ a: Self, _ b: Self) -> Self {
    Self(
      OnePanel.adding(sum.left, a.left, b.left), OnePanel.adding(sum.right, a.right, b.right))
  }

  @inline(__always)
  func put(_ count: Int, _ out: UnsafeMutablePointer<Float>) {
    left.put(count, out)
    right.put(count - 16, out + 16)
  }
}
