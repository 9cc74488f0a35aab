/// The answer to exercise 10.5.
///
/// Why this way: each band has a table of its own, from its numbers to the kept documents that have
/// them, so a document finds all that it meets by as many look-ups as there are bands. The numbers
/// themselves are the key: a hash of them would do, if what the bands propose is decided exactly, as
/// it is here. Only kept documents enter the tables. If copies entered too, a chain of small changes would
/// lead from a document to one that has little in common with it; and the books would show a
/// copy of something that was thrown away.
public func likeness(_ a: Set<UInt64>, _ b: Set<UInt64>) throws -> Double {
  let common = Double(a.intersection(b).count)
  let either = Double(a.count + b.count) - common
  return either == 0 ? 1 : common / either
}

/// The second function of exercise 10.5.
public func copies(
  _ signatures: [[UInt32]], rows: Int, threshold: Double,
  likeness: (_ document: Int, _ earlier: Int) throws -> Double
) throws -> [Int?] {
  try Tables(rows: rows, threshold: threshold).copies(signatures, likeness)
}

private struct Tables {
  let rows: Int
  let threshold: Double
  var entersCopies = false
  var sharesTables = false
  var trustsBands = false
  var takesTheLast = false
  var isStrict = false
  var dropsTheRest = false
  var asksTwice = false

  func copies(
    _ signatures: [[UInt32]], _ likeness: (Int, Int) throws -> Double
  ) rethrows -> [Int?] {
    var tables: [Int: [ArraySlice<UInt32>: [Int]]] = [:]
    return try signatures.enumerated().map { document, signature in
      let bands = bands(of: signature)
      let met = bands.flatMap { tables[$0, default: [:]][$1] ?? [] }
      let order = asksTwice ? met.sorted() : Set(met).sorted()
      let original = try (takesTheLast ? order.reversed() : order).first { earlier in
        if trustsBands { return true }
        let found = try likeness(document, earlier)
        return isStrict ? found > threshold : found >= threshold
      }
      if original == nil || entersCopies {
        for (table, key) in bands {
          tables[table, default: [:]][key, default: []].append(document)
        }
      }
      return original
    }
  }

  private func bands(of signature: [UInt32]) -> [(table: Int, key: ArraySlice<UInt32>)] {
    stride(from: 0, to: signature.count, by: rows).compactMap { first in
      if dropsTheRest, first + rows > signature.count { return nil }
      let key = signature[first..<min(first + rows, signature.count)]
      return (sharesTables ? 0 : first, key)
    }
  }
}

/// Wrong answers to exercise 10.5.
public enum Mutants10_5 {
  /// The likeness of two documents.
  public typealias Likeness = (_ document: Int, _ earlier: Int) throws -> Double

  /// Counts what both have twice.
  public static func countsTwice(_ a: Set<UInt64>, _ b: Set<UInt64>) throws -> Double {
    Double(a.intersection(b).count) / Double(max(a.count + b.count, 1))
  }

  /// Divides by the smaller set: what is contained is alike.
  public static func contains(_ a: Set<UInt64>, _ b: Set<UInt64>) throws -> Double {
    Double(a.intersection(b).count) / Double(max(min(a.count, b.count), 1))
  }

  /// Divides by nothing.
  public static func dividesByNothing(_ a: Set<UInt64>, _ b: Set<UInt64>) throws -> Double {
    Double(a.intersection(b).count) / Double(a.union(b).count)
  }

  /// Compares every pair.
  public static func comparesAll(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    var kept: [Int] = []
    return try signatures.indices.map { document in
      let original = try kept.first { try likeness(document, $0) >= threshold }
      if original == nil { kept.append(document) }
      return original
    }
  }

  /// Lets documents meet in one number.
  public static func meetsInOne(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] { try Tables(rows: 1, threshold: threshold).copies(signatures, likeness) }

  /// Lets documents meet in the whole signature only.
  public static func meetsInAll(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: .max / 2, threshold: threshold).copies(signatures, likeness)
  }

  /// Has one table for all bands.
  public static func sharesTables(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, sharesTables: true).copies(
      signatures, likeness)
  }

  /// Takes what meets for a copy.
  public static func trustsBands(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, trustsBands: true).copies(
      signatures, likeness)
  }

  /// Compares with copies as well.
  public static func entersCopies(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, entersCopies: true).copies(
      signatures, likeness)
  }

  /// Begins with the latest.
  public static func takesTheLast(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, takesTheLast: true).copies(
      signatures, likeness)
  }

  /// Wants more than the threshold.
  public static func isStrict(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, isStrict: true).copies(signatures, likeness)
  }

  /// Leaves out a band that is shorter.
  public static func dropsTheRest(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, dropsTheRest: true).copies(
      signatures, likeness)
  }

  /// Compares once for every band in which two meet.
  public static func asksTwice(
    _ signatures: [[UInt32]], rows: Int, threshold: Double, likeness: Likeness
  ) throws -> [Int?] {
    try Tables(rows: rows, threshold: threshold, asksTwice: true).copies(signatures, likeness)
  }
}
