import Checkpoints
import MTP
import Tensors

extension DeepSeekModel {
  /// The same weights in a model of other settings: more tokens, or stretched positions.
  ///
  /// A new token begins as the mean of all others, moved a little at random: no token is far from
  /// what the layers expect, and no two are alike.
  package func carried(into configuration: DecoderConfiguration, seed: UInt64) -> DeepSeekModel
  {
    var generator = SplitMix64(seed: seed).branch(0x70C)
    let model = DeepSeekModel(configuration, seed: seed)
    let old = Dictionary(
      namedParameters.map { ($0.name, $0.parameter.value) },
      uniquingKeysWith: { first, _ in first }
    )
    var seen: Set<ObjectIdentifier> = []
    for (name, parameter) in model.namedParameters {
      guard seen.insert(ObjectIdentifier(parameter)).inserted, let value = old[name] else {
        continue
      }
      parameter.value =
        value.shape == parameter.shape
        ? value : value.withRows(parameter.shape[0], using: &generator)
    }
    return DeepSeekModel(
      language: model.language, modules: Array(model.modules.prefix(modules.count)))
  }
}

extension Tensor {
  /// A taller matrix, whose new rows are near the mean of the old ones.
  fileprivate func withRows(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    let old = scalars
    var means = [Float](repeating: 0, count: columns)
    var square: Float = 0
    for row in 0..<rows {
      for column in 0..<columns {
        let entry = old[row * columns + column]
        means[column] += entry / Float(rows)
        square += entry * entry
      }
    }
    let spread = 0.5 * (square / Float(rows * columns)).squareRoot()
    let new = (rows..<count).flatMap { _ in
      means.map { $0 + spread * Float(generator.normal()) }
    }
    return Tensor(old + new, shape: [count, columns])
  }
}
