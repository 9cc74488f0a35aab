/// The answer to exercise 5.4.
///
/// Why this way: the released projection has the columns of the embedding first, although the paper
/// prints the hidden row first. And "the representation given by the main model" is what the head
/// reads, after the final norm. Leaving that norm out is hard to see: `hnorm` brings the row to the
/// same size either way, but not with the same weights.
public func joint(
  stream: [Double], finalNorm: [Double], hiddenNorm: [Double], embedding: [Double],
  embeddingNorm: [Double], projection: [[Double]]
) throws -> [Double] {
  let hidden = rms(rms(stream, finalNorm), hiddenNorm)
  return product(projection, rms(embedding, embeddingNorm) + hidden)
}

private func rms(_ x: [Double], _ w: [Double]) -> [Double] {
  let square = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
  return zip(x, w).map { $0 / square.squareRoot() * $1 }
}

private func product(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
  matrix.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// Wrong answers to exercise 5.4.
public enum Mutants5_4 {
  /// Is the code as it was found.
  public static func asFound(
    stream: [Double], finalNorm: [Double], hiddenNorm: [Double], embedding: [Double],
    embeddingNorm: [Double], projection: [[Double]]
  ) throws -> [Double] {
    product(projection, rms(stream, hiddenNorm) + rms(embedding, embeddingNorm))
  }

  /// Still has the order of the paper.
  public static func hiddenFirst(
    stream: [Double], finalNorm: [Double], hiddenNorm: [Double], embedding: [Double],
    embeddingNorm: [Double], projection: [[Double]]
  ) throws -> [Double] {
    let hidden = rms(rms(stream, finalNorm), hiddenNorm)
    return product(projection, hidden + rms(embedding, embeddingNorm))
  }

  /// Still takes the stream before the final norm.
  public static func beforeTheNorm(
    stream: [Double], finalNorm: [Double], hiddenNorm: [Double], embedding: [Double],
    embeddingNorm: [Double], projection: [[Double]]
  ) throws -> [Double] {
    product(projection, rms(embedding, embeddingNorm) + rms(stream, hiddenNorm))
  }

  /// Normalises the token with the weights of the hidden row.
  public static func exchangesNorms(
    stream: [Double], finalNorm: [Double], hiddenNorm: [Double], embedding: [Double],
    embeddingNorm: [Double], projection: [[Double]]
  ) throws -> [Double] {
    let hidden = rms(rms(stream, finalNorm), embeddingNorm)
    return product(projection, rms(embedding, hiddenNorm) + hidden)
  }
}
