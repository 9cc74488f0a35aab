import Foundation

/// The answer to exercise 3.2.
///
/// Why this way: a score is linear in the query, so any factor on scores may stand on the query
/// instead. The factor on the softmax scale acts on all entries alike. The amplitude acts on the
/// rotary entries alone, and twice, once through the query and once through the key. That is the
/// difference between the two: by the amplitude, YaRN could sharpen only 64 of 192 entries. DeepSeek
/// sets both constants equal, which makes the amplitude 1, and puts the sharpening into the scale.
public func foldedFactors(
  contentWidth: Int, rotaryWidth: Int, factor: Double, mscale: Double, mscaleAllDim: Double,
  engineScale: Double
) throws -> (content: Double, rotary: Double) {
  let m = magnitude(factor, mscaleAllDim)
  let amplitude = magnitude(factor, mscale) / m
  let scale = m * m / Double(contentWidth + rotaryWidth).squareRoot()
  return (scale / engineScale, scale / engineScale * amplitude * amplitude)
}

private func magnitude(_ factor: Double, _ weight: Double) -> Double {
  factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1
}

/// Wrong answers to exercise 3.2.
public enum Mutants3_2 {
  /// The factors of the content rows and of the rotary rows.
  public typealias Factors = (content: Double, rotary: Double)

  /// Forgets m², as a widely used library did until 2026.
  public static func forgetsSharpening(
    _ content: Int, _ rotary: Int, _ factor: Double, _ mscale: Double, _ all: Double,
    _ engine: Double
  ) throws -> Factors {
    let own = 1 / (Double(content + rotary).squareRoot() * engine)
    let amplitude = magnitude(factor, mscale) / magnitude(factor, all)
    return (own, own * amplitude * amplitude)
  }

  /// Sharpens by m instead of m².
  public static func sharpensOnce(
    _ content: Int, _ rotary: Int, _ factor: Double, _ mscale: Double, _ all: Double,
    _ engine: Double
  ) throws -> Factors {
    let right = try foldedFactors(
      contentWidth: content, rotaryWidth: rotary, factor: factor, mscale: mscale,
      mscaleAllDim: all, engineScale: engine)
    let m = magnitude(factor, all)
    return (right.content / m, right.rotary / m)
  }

  /// Takes the root of the content width alone: 1 / √128.
  public static func countsContent(
    _ content: Int, _ rotary: Int, _ factor: Double, _ mscale: Double, _ all: Double,
    _ engine: Double
  ) throws -> Factors {
    try foldedFactors(
      contentWidth: content, rotaryWidth: 0, factor: factor, mscale: mscale,
      mscaleAllDim: all, engineScale: engine)
  }

  /// Sharpens cosines and sines as well, by the whole of `mscale`.
  public static func sharpensTwice(
    _ content: Int, _ rotary: Int, _ factor: Double, _ mscale: Double, _ all: Double,
    _ engine: Double
  ) throws -> Factors {
    let right = try foldedFactors(
      contentWidth: content, rotaryWidth: rotary, factor: factor, mscale: all,
      mscaleAllDim: all, engineScale: engine)
    let m = magnitude(factor, mscale)
    return (right.content, right.rotary * m * m)
  }

  /// Counts the amplitude of the query and forgets that of the key.
  public static func forgetsKey(
    _ content: Int, _ rotary: Int, _ factor: Double, _ mscale: Double, _ all: Double,
    _ engine: Double
  ) throws -> Factors {
    let right = try foldedFactors(
      contentWidth: content, rotaryWidth: rotary, factor: factor, mscale: mscale,
      mscaleAllDim: all, engineScale: engine)
    return (right.content, (right.content * right.rotary).squareRoot())
  }
}
