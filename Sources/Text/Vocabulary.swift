/// The tokens and their numbers, both ways.
///
/// A token is a string of bytes, not of characters.
struct Vocabulary: Sendable, Equatable {
  /// The bytes of every token, by number; empty where a number has no token.
  private(set) var tokens: [[UInt8]] = []
  private var ids: [[UInt8]: Int32] = [:]
  /// The token of each single byte, or `missing`.
  private(set) var byteTokens = [Int32](repeating: missing, count: 256)

  /// What stands in `byteTokens` for a byte that has no token.
  static let missing: Int32 = -1

  /// One more than the highest number a token may have: far above any real vocabulary, and low
  /// enough that a hostile file cannot ask for much memory.
  static let limit = 1 << 20

  /// A vocabulary without any token.
  init() {}

  /// The 256 single bytes in the order given, numbered from `first`.
  init(bytes: [UInt8], from first: Int) {
    for (place, byte) in bytes.enumerated() { _ = insert([byte], id: first + place) }
  }

  /// One more than the highest number.
  var count: Int { tokens.count }

  /// Gives a token a number; says why if it cannot have it.
  mutating func insert(_ token: [UInt8], id: Int) -> String? {
    guard id >= 0, id < Self.limit else {
      return "the id \(id) is outside 0 ... \(Self.limit - 1)"
    }
    guard !token.isEmpty else { return "a token must not be empty" }
    guard ids[token] == nil else { return "the token occurs twice" }
    while tokens.count <= id { tokens.append([]) }
    guard tokens[id].isEmpty else { return "the id \(id) belongs to two tokens" }
    tokens[id] = token
    ids[token] = Int32(id)
    if token.count == 1 { byteTokens[Int(token[0])] = Int32(id) }
    return nil
  }

  /// The number of a token, if there is such a token.
  func id(of token: some Sequence<UInt8>) -> Int32? { ids[Array(token)] }

  /// The bytes of a token; none for a number without a token.
  func bytes(of id: Int) -> [UInt8] { tokens.indices.contains(id) ? tokens[id] : [] }
}
