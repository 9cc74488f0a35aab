/// Numbers as text, without locale and without a printing function of the system.
package enum Digits {
  /// Writes a number with at most the given decimals; zeros at the end are left out unless kept.
  package static func fixed(_ value: Double, decimals: Int = 3, keepsZeros: Bool = false)
    -> String
  {
    let scaled = (value * power(decimals)).rounded(.toNearestOrAwayFromZero)
    guard scaled.isFinite, abs(scaled) < 1e18 else { return value.isNaN ? "–" : "\(value)" }
    var digits = String(Int(abs(scaled)))
    if digits.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
    }
    let whole = digits.dropLast(decimals)
    var fraction = digits.suffix(decimals)
    if !keepsZeros { while fraction.last == "0" { fraction.removeLast() } }
    let sign = scaled < 0 ? "−" : ""
    return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// Writes a coordinate: at most three decimals and an ASCII minus sign.
  static func coordinate(_ value: Double) -> String {
    let text = fixed(value.isFinite ? value : 0)
    return text.hasPrefix("−") ? "-" + text.dropFirst() : text
  }

  /// Writes about three significant digits, with k, M, B or T for thousands and more.
  package static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : (value < 0 ? "−∞" : "∞") }
    if value == 0 { return "0" }
    let unit = Unit(for: abs(value))
    let shown = abs(value) / unit.size
    let decimals = shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : shown >= 0.9995 ? 2 : 3
    return fixed(value / unit.size, decimals: decimals) + unit.suffix
  }

  /// Returns ten to a whole power, correctly rounded.
  static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }

  /// Returns the power of ten of the first digit of a positive number.
  static func exponent(_ value: Double) -> Int {
    let text = "\(value)"
    if let mark = text.firstIndex(of: "e") {
      return Int(text[text.index(after: mark)...]) ?? 0
    }
    if value >= 1 { return (text.split(separator: ".").first?.count ?? 1) - 1 }
    // 0.0012: the first digit that is not a zero follows two zeros.
    let zeros = text.dropFirst(2).prefix { $0 == "0" }.count
    return -zeros - 1
  }
}

/// The unit in which large and very small numbers are shown.
struct Unit {
  let size: Double
  let suffix: String

  /// Chooses the unit for numbers up to a largest one.
  init(for largest: Double) {
    switch largest {
    case 1e15...:
      let exponent = Digits.exponent(largest)
      self.init(Digits.power(exponent), "e\(exponent)")
    case 1e12...: self.init(1e12, "T")
    case 1e9...: self.init(1e9, "B")
    case 1e6...: self.init(1e6, "M")
    case 1e4...: self.init(1e3, "k")
    case 1e-3...: self.init(1, "")
    case let value where value > 0:
      let exponent = Digits.exponent(value)
      self.init(Digits.power(exponent), "e−\(-exponent)")
    default: self.init(1, "")
    }
  }

  private init(_ size: Double, _ suffix: String) { (self.size, self.suffix) = (size, suffix) }
}
