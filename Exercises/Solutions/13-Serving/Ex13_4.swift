/// The answer to exercise 13.4.
///
/// Why this way: a stop text is looked for at the end of what was held back, byte by byte, so a token that holds
/// three of them and three tokens that hold one are the same. What must wait is the longest end of the bytes that
/// begins a stop text or a character, and nothing else: holding back as many bytes as the longest stop has is
/// safe too, and makes every client wait for words that have been certain for a while. An end that begins a
/// stop text begins with a character, so what is sent never ends within one. Whoever looks at strings
/// instead meets U+FFFD where a character was cut, and then finds no stop text with an "é" in it.
public func pieces(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
  StopFilter(stops).pieces(tokens)
}

/// The rule, and what mutants change of it.
private struct StopFilter {
  enum Wait { case asLongAsNeeded, forWholePieces, forTheEnd, forTheLongest }
  private let stops: [[UInt8]]
  var wait = Wait.asLongAsNeeded
  var sendsTheRest = true
  var waitsForCharacters = true
  var prefersTheEarliest = false
  var forgetsWhatItHeld = false
  var goesOn = false

  init(_ stops: [String]) { self.stops = stops.map { Array($0.utf8) } }

  func pieces(_ tokens: [[UInt8]]) -> [String] {
    var (pieces, held, isStopped) = ([String](), [UInt8](), false)
    for token in tokens {
      if isStopped && !goesOn {
        pieces.append("")
        continue
      }
      if prefersTheEarliest {
        held += token
        if let place = stops.compactMap({ first($0, in: held) }).min() {
          isStopped = true
          held.removeLast(held.count - place)
        }
      } else {
        for byte in token where !isStopped || goesOn {
          held.append(byte)
          let ended = stops.filter { held.suffix($0.count).elementsEqual($0) }
          guard let longest = ended.map(\.count).max() else { continue }
          isStopped = true
          held.removeLast(longest)
        }
      }
      let kept = isStopped ? 0 : kept(held, token)
      pieces.append(String(decoding: held.dropLast(kept), as: UTF8.self))
      held = forgetsWhatItHeld && wait == .asLongAsNeeded ? [] : held.suffix(kept)
    }
    return pieces + [sendsTheRest ? String(decoding: held, as: UTF8.self) : ""]
  }

  private func kept(_ held: [UInt8], _ token: [UInt8]) -> Int {
    switch wait {
    case .forTheEnd: return held.count
    case .forTheLongest:
      return min(held.count, max(cut(held), (stops.map(\.count).max() ?? 1) - 1))
    case .forWholePieces:
      let isBeginning = stops.contains { $0.starts(with: held) && $0.count > held.count }
      return isBeginning ? held.count : cut(held)
    case .asLongAsNeeded:
      let beginning = stops.map { stop in
        (0...min(held.count, stop.count - 1)).last {
          held.suffix($0).elementsEqual(stop.prefix($0))
        } ?? 0
      }
      return max(cut(held), beginning.max() ?? 0)
    }
  }

  /// The bytes at the end that begin a character and do not finish it.
  private func cut(_ held: [UInt8]) -> Int {
    guard waitsForCharacters,
      let back = held.suffix(3).reversed().enumerated().first(where: {
        $0.element & 0xC0 != 0x80
      })
    else { return 0 }
    let length = (~back.element).leadingZeroBitCount
    return length > back.offset + 1 ? back.offset + 1 : 0
  }

  private func first(_ stop: [UInt8], in held: [UInt8]) -> Int? {
    held.indices.first { held[$0...].starts(with: stop) }
  }
}

/// Wrong answers to exercise 13.4.
public enum Mutants13_4 {
  private static func changed(
    _ tokens: [[UInt8]], _ stops: [String], _ change: (inout StopFilter) -> Void
  ) -> [String] {
    var filter = StopFilter(stops)
    change(&filter)
    return filter.pieces(tokens)
  }

  /// Looks for stop texts in each token by itself.
  public static func looksAtTokens(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    var (pieces, isStopped) = ([String](), false)
    for token in tokens {
      let found = isStopped ? [""] : changed([token], stops) { _ in }
      pieces.append(found.joined())
      isStopped = isStopped || found.joined().utf8.count < token.count
    }
    return pieces + [""]
  }

  /// Makes a string of whatever has come.
  public static func decodesTooSoon(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    changed(tokens, stops) { $0.waitsForCharacters = false }
  }

  /// Holds back only what is the beginning of a stop text as a whole.
  public static func holdsWholePieces(
    of tokens: [[UInt8]], stops: [String]
  ) throws -> [String] {
    changed(tokens, stops) { $0.wait = .forWholePieces }
  }

  /// Sends everything at the end.
  public static func waitsForTheEnd(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    changed(tokens, stops) { $0.wait = .forTheEnd }
  }

  /// Holds back as many bytes as the longest stop text could need.
  public static func holdsTooMuch(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    changed(tokens, stops) { $0.wait = .forTheLongest }
  }

  /// Never sends what was held back in vain.
  public static func losesTheRest(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    changed(tokens, stops) { $0.sendsTheRest = false }
  }

  /// Drops what was held back as soon as it goes on in another way.
  public static func dropsWhatItHeld(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    changed(tokens, stops) { $0.forgetsWhatItHeld = true }
  }

  /// Looks at whole tokens, and takes the stop text that begins first.
  public static func prefersTheEarliest(
    of tokens: [[UInt8]], stops: [String]
  ) throws -> [String] {
    changed(tokens, stops) { $0.prefersTheEarliest = true }
  }

  /// Takes stop texts out and goes on.
  public static func goesOn(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    changed(tokens, stops) { $0.goesOn = true }
  }

  /// Sends the stop text too.
  public static func sendsTheStop(of tokens: [[UInt8]], stops: [String]) throws -> [String] {
    var pieces = changed(tokens, stops) { _ in }
    let text = String(decoding: tokens.joined(), as: UTF8.self)
    let said = pieces.joined()
    guard said != text, let stop = stops.first(where: { text.hasPrefix(said + $0) }) else {
      return pieces
    }
    pieces[pieces.count - 1] += stop
    return pieces
  }
}
