import Serving

/// The answer to exercise 13.5.
///
/// Why this way: three mistakes, all of them kindness. `Int("+5", radix: 16)` is 5, and another server in front of
/// this one may read it otherwise; where two readers disagree about the end of a body, one of them takes
/// a part of it for a request. So only digits count, and not what a library for numbers makes of them. Two
/// bytes were skipped behind each chunk, whatever they were: a chunk that is longer than it says is where a
/// hidden request begins. And the limit was asked only when the bytes were there, which is too late by
/// 10¹⁸ of them. Compared as `size <= limit - body.count`, no sum can overflow.
public func chunkedBody(
  _ bytes: [UInt8], limit: Int
) throws -> (body: [UInt8], length: Int)? {
  try ChunkReader(limit: limit).body(bytes)
}

/// The rule, and what mutants change of it.
private struct ChunkReader {
  enum Digits { case only, withSign, withPrefix, withSpaces }
  let limit: Int
  var digits = Digits.only
  var checksEnds = true
  var asksBefore = true
  var limitsEachChunk = false
  var takesTheLastLine = true
  var knowsNotes = true

  init(limit: Int) { self.limit = limit }

  func body(_ bytes: [UInt8]) throws -> (body: [UInt8], length: Int)? {
    var (body, place) = ([UInt8](), 0)
    while let end = lineEnd(bytes, place) {
      let size = try size(bytes[place..<end])
      let left = limitsEachChunk ? limit : limit - body.count
      if asksBefore, size > left { throw tooLong }
      let start = end + 2
      let missing = size > bytes.count - start
      if !missing, checksEnds {
        for (byte, wanted) in zip(bytes[(start + size)...], [13, 10]) where byte != wanted {
          throw malformed
        }
      }
      if !takesTheLastLine, size == 0 { return (body, start) }
      guard !missing, bytes.count - start - size >= 2 else { return nil }
      body += bytes[start..<start + size]
      if !limitsEachChunk, body.count > limit { throw tooLong }
      place = start + size + 2
      if size == 0 { return (body, place) }
    }
    return nil
  }

  private var tooLong: HTTPFault { HTTPFault(413, "The body is too long.") }
  private var malformed: HTTPFault { HTTPFault(400, "A chunk is not what it says.") }

  private func size(_ line: ArraySlice<UInt8>) throws -> Int {
    var text = String(decoding: knowsNotes ? line.prefix { $0 != 59 } : line, as: UTF8.self)
    if digits == .withPrefix, text.hasPrefix("0x") { text.removeFirst(2) }
    if digits == .withSpaces { text = text.filter { $0 != " " && $0 != "_" } }
    let isPlain = text.utf8.allSatisfy { ascii in
      (48...57).contains(ascii) || (65...70).contains(ascii) || (97...102).contains(ascii)
    }
    guard isPlain || digits == .withSign, !text.isEmpty else { throw malformed }
    // Digits that are too many for a number are too many for the limit.
    guard let size = Int(text, radix: 16) ?? (isPlain ? Int.max : nil), size >= 0 else {
      throw malformed
    }
    return size
  }

  private func lineEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
    bytes.indices.dropFirst(place).dropLast().first { bytes[$0] == 13 && bytes[$0 + 1] == 10 }
  }
}

/// Wrong answers to exercise 13.5.
public enum Mutants13_5 {
  /// What the exercise asks for.
  public typealias Answer = (body: [UInt8], length: Int)?

  private static func changed(
    _ bytes: [UInt8], _ limit: Int, _ change: (inout ChunkReader) -> Void
  ) throws -> Answer {
    var reader = ChunkReader(limit: limit)
    change(&reader)
    return try reader.body(bytes)
  }

  /// Leaves all three mistakes.
  public static func leavesIt(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) {
      ($0.digits, $0.checksEnds, $0.asksBefore) = (.withSign, false, false)
    }
  }

  /// Takes a sign for a digit.
  public static func takesASign(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.digits = .withSign }
  }

  /// Takes "0x" for digits.
  public static func takesAPrefix(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.digits = .withPrefix }
  }

  /// Passes over spaces and underscores, as many libraries do.
  public static func takesSpaces(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.digits = .withSpaces }
  }

  /// Skips two bytes behind a chunk.
  public static func skipsTheEnd(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.checksEnds = false }
  }

  /// Waits for a body before it measures it.
  public static func waitsForIt(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.asksBefore = false }
  }

  /// Limits each chunk, and not the body.
  public static func limitsEachChunk(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.limitsEachChunk = true }
  }

  /// Leaves the last line to the next request.
  public static func leavesTheLastLine(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.takesTheLastLine = false }
  }

  /// Refuses notes.
  public static func refusesNotes(_ bytes: [UInt8], limit: Int) throws -> Answer {
    try changed(bytes, limit) { $0.knowsNotes = false }
  }
}
