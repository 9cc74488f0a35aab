import ExerciseKit
import Serving

/// Exercise 13.5 ●● A chunk too many (20 minutes).
///
/// A body comes in chunks. Each has a line with its size in hexadecimal digits, perhaps followed by `;` and notes
/// that mean nothing, then as many bytes, then a line that is empty. A chunk of size 0 is the last: behind
/// its line there is only the empty one. Lines end with CR and LF.
///
/// Return the body and the number of bytes that it took, for the next request begins behind them; nil if bytes
/// are still missing. Throw an `HTTPFault` as soon as it is certain that something is wrong: with the status 413
/// if the body has more than `limit` bytes, for a client that announces more is not waited for, else with 400.
///
/// The function below reads what honest clients send. A dishonest one hides a second request in the
/// first, or makes the server wait for 10¹⁸ bytes.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 13.5"`
public func chunkedBody(
  _ bytes: [UInt8], limit: Int
) throws -> (body: [UInt8], length: Int)? {
  try stillBroken()  // TODO: delete this line
  var (body, place) = ([UInt8](), 0)
  while let end = lineEnd(in: bytes, from: place) {
    let line = String(decoding: bytes[place..<end], as: UTF8.self)
    let digits = line.prefix { $0 != ";" }
    guard let size = Int(digits, radix: 16), size >= 0 else {
      throw HTTPFault(400, "The size is no number.")
    }
    guard size <= bytes.count - end - 4 else { return nil }
    body += bytes[end + 2..<end + 2 + size]
    if body.count > limit { throw HTTPFault(413, "The body is too long.") }
    place = end + 2 + size + 2
    if size == 0 { return (body, place) }
  }
  return nil
}

/// Where the CR of the next line end stands.
private func lineEnd(in bytes: [UInt8], from place: Int) -> Int? {
  bytes.indices.dropFirst(place).dropLast().first { bytes[$0] == 13 && bytes[$0 + 1] == 10 }
}

private func stillBroken() throws { throw Unfinished("13.5") }
