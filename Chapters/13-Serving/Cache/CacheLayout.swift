/// What the cache keeps of a token in each layer.
public struct CacheLayout: Sendable, Equatable {
  /// The widths of the matrices that a layer's tokens make: one for latent attention, a key and a
  /// value for each key head otherwise.
  public let parts: [Int]
  /// The layers.
  public let layers: Int
  /// How numbers are kept.
  public let format: CacheFormat

  /// Describes a cache.
  public init(parts: [Int], layers: Int, format: CacheFormat) {
    self.parts = parts
    self.layers = layers
    self.format = format
  }

  /// The tokens of a page.
  public static let pageTokens = 16

  /// The bytes of a token in one layer.
  public var bytesPerRow: Int { parts.reduce(0) { $0 + format.bytes($1) } }
  /// The bytes of a token in all layers.
  public var bytesPerToken: Int { bytesPerRow * layers }
  /// The bytes of a page.
  public var bytesPerPage: Int { bytesPerToken * Self.pageTokens }
  /// The numbers of a token in one layer.
  public var width: Int { parts.reduce(0, +) }

  /// The pages that hold some tokens.
  public func pages(for tokens: Int) -> Int {
    (tokens + Self.pageTokens - 1) / Self.pageTokens
  }
}
