import Foundation

/// A number as the prose writes it, and how to write another value in the same manner.
///
/// Understood are `576`, `−0.25`, `+3`, `.581`, `1 300`, `70,272`, `61%`, `2.5e-4` and
/// `2.5 × 10⁻⁴`. A percent sign before the key shows a share of one, so `61%` is 0.61.
struct ShownNumber: Equatable {
  /// The text before the number.
  private(set) var prefix = ""
  /// The number as it stands.
  private(set) var text = ""
  /// What stands between the number and the comment, such as the `$` that closes a formula.
  private(set) var suffix = ""
  private var sign: Character?
  private var separator: Character?
  private var decimals = 0
  private var hidesZero = false
  private var percent = ""
  private var exponent: Exponent?

  private enum Exponent: Equatable { case letter(Character), raised(before: String) }
  private static let separators: Set<Character> = [" ", "\u{A0}", "\u{2009}", "\u{202F}", ","]
  private static let raisedDigits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  /// The ways to read the number that ends a text, the longest first.
  ///
  /// In `after step 120 576` the blank may group thousands or part two numbers.
  static func readings(endOf text: String) -> [ShownNumber] {
    let whole = ShownNumber(endOf: text, grouped: true)
    let last = ShownNumber(endOf: text, grouped: false)
    return [whole, last == whole ? nil : last].compactMap { $0 }
  }

  /// The reading that fits a value: thousands are grouped only where there are thousands.
  static func reading(endOf text: String, for value: Double) -> ShownNumber? {
    let readings = readings(endOf: text)
    return abs(value) < 1000 ? readings.last : readings.first
  }

  private init?(endOf text: String, grouped: Bool) {
    var rest = Array(text)
    while let last = rest.last, "$*_".contains(last) {
      suffix = String(rest.removeLast()) + suffix
    }
    let end = rest.count
    if rest.last == "%" {
      percent = String(rest.removeLast())
      while let last = rest.last, last.isWhitespace {
        percent = String(rest.removeLast()) + percent
      }
    }
    exponent = ShownNumber.takeExponent(from: &rest)
    let digits = rest.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0 else { return nil }
    rest.removeLast(digits)
    if rest.last == "." {
      rest.removeLast()
      decimals = digits
      let whole = rest.reversed().prefix { $0.isASCII && $0.isNumber }.count
      rest.removeLast(whole)
      hidesZero = whole == 0
      if grouped, whole == 3 { takeGroups(from: &rest) }
    } else if grouped, digits == 3 {
      takeGroups(from: &rest)
    }
    if let last = rest.last, "-−+".contains(last) {
      let before = rest.dropLast().last
      if before?.isNumber != true, before?.isLetter != true { sign = rest.removeLast() }
    }
    prefix = String(rest)
    self.text = String(Array(text)[rest.count..<end])
  }

  private mutating func takeGroups(from rest: inout [Character]) {
    while let mark = rest.last, ShownNumber.separators.contains(mark),
      separator == nil || separator == mark
    {
      let digits = rest.dropLast().reversed().prefix { $0.isASCII && $0.isNumber }.count
      guard (1...3).contains(digits) else { return }
      separator = mark
      rest.removeLast(digits + 1)
      if digits < 3 { return }
    }
  }

  private static func takeExponent(from rest: inout [Character]) -> Exponent? {
    var end = rest
    let raised = end.reversed().prefix { raisedDigits.contains($0) || $0 == "⁻" }.count
    if raised > 0 {
      end.removeLast(raised)
      for wanted in "01" {
        guard end.last == wanted else { return nil }
        end.removeLast()
      }
      var between = ""
      while let last = end.last, last == "×" || last == "·" || last.isWhitespace {
        between = String(end.removeLast()) + between
      }
      rest = end
      return .raised(before: between)
    }
    let digits = end.reversed().prefix { $0.isASCII && $0.isNumber }.count
    guard digits > 0 else { return nil }
    end.removeLast(digits)
    if let last = end.last, "-−+".contains(last) { end.removeLast() }
    guard let letter = end.last, letter == "e" || letter == "E" else { return nil }
    end.removeLast()
    guard end.last?.isNumber == true else { return nil }
    rest = end
    return .letter(letter)
  }

  /// Writes a value with the signs, digits and separators of this number.
  func rendering(_ value: Double) -> String {
    var value = percent.isEmpty ? value : value * 100
    var tail = percent
    if let exponent {
      let parts = String(format: "%.\(decimals)e", value).split(separator: "e")
      let power = parts.last.flatMap { Int($0) } ?? 0
      value = parts.first.flatMap { Double($0) } ?? value
      tail = ShownNumber.written(power, as: exponent) + percent
    }
    var digits = String(format: "%.\(decimals)f", abs(value))
    let isZero = !digits.contains { $0 != "0" && $0 != "." }
    if hidesZero, digits.hasPrefix("0.") { digits.removeFirst() }
    if let separator { digits = ShownNumber.grouped(digits, by: separator) }
    var mark = ""
    if value < 0, !isZero { mark = sign == "-" ? "-" : "−" }
    if value >= 0, sign == "+" { mark = "+" }
    return mark + digits + tail
  }

  private static func written(_ power: Int, as exponent: Exponent) -> String {
    switch exponent {
    case .letter(let letter): return "\(letter)\(power)"
    case .raised(let between):
      let digits = String(abs(power)).compactMap {
        $0.wholeNumberValue.map { raisedDigits[$0] }
      }
      return "\(between)10" + (power < 0 ? "⁻" : "") + String(digits)
    }
  }

  private static func grouped(_ digits: String, by separator: Character) -> String {
    let whole = digits.prefix { $0 != "." }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result.append(separator) }
      result.append(digit)
    }
    return result + digits.dropFirst(whole.count)
  }
}
