import Attention
import Foundation
import Tensors
import TestSupport

/// The gradient checks of chapter 2.
enum Chapter02 {
  static let cases: [GradientCase] = rotations + attentions
}

extension Chapter02 {
  private static let positions = [0, 1, 2, 7, 8]

  @GradientCaseList static var rotations: [GradientCase] {
    rotation(.halfSplit)
    rotation(.interleaved)
    rotation(.interleaved, still: 3)
  }

  private static func rotation(
    _ layout: RotaryEmbedding.Layout, still: Int = 0
  ) -> GradientCase {
    let table = RotaryEmbedding(width: 6, theta: 100, layout: layout).table(positions)
    let width = still + 6
    return GradientCase(
      "rotated", "\(layout), the last six of two heads of \(width)", of: .test(5, 2 * width)
    ) {
      $0[0].rotated(by: table, tailOf: width)
    } twin: { x in
      rows(x[0], of: 2 * width).enumerated().flatMap { row, entries in
        rows(entries, of: width).flatMap { head in
          Array(head[..<still])
            + rotatedTwin(
              Array(head[still...]), position: Double(positions[row]), theta: 100, layout)
        }
      }
    }
  }

  @GradientCaseList static var attentions: [GradientCase] {
    attention("one token", heads: 2, keys: 1, key: 4, value: 2, sequences: 1, length: 1)
    attention("MHA", heads: 2, keys: 2, key: 2, value: 2, sequences: 1, length: 5)
    attention("GQA", heads: 4, keys: 2, key: 3, value: 2, sequences: 2, length: 4)
    attention("MQA, wider keys", heads: 3, keys: 1, key: 6, value: 4, sequences: 1, length: 6)
    attention("a tile and a row", heads: 1, keys: 1, key: 1, value: 1, sequences: 1, length: 25)
  }

  private static func attention(
    _ note: String, heads: Int, keys: Int, key: Int, value: Int, sequences: Int, length: Int
  ) -> GradientCase {
    let shape = AttentionShape(
      heads: heads, keyValueHeads: keys, keyWidth: key, valueWidth: value)
    let layout = Sequences(count: sequences, length: length)
    let twin = AttentionTwin(shape: shape, sequences: sequences, length: length)
    return GradientCase(
      "flashAttention", note, of: .test(layout.rows, heads * key),
      .test(layout.rows, keys * key, seed: 2), .test(layout.rows, keys * value, seed: 3)
    ) {
      flashAttention($0[0], $0[1], $0[2], shape, layout)
    } twin: { x in
      twin.forward(x[0], x[1], x[2])
    }
  }
}

/// The rotation of one head, written as a product with e^(i · position · frequency).
func rotatedTwin(
  _ head: [Double], position: Double, theta: Double, _ layout: RotaryEmbedding.Layout
) -> [Double] {
  let pairs = head.count / 2
  var result = head
  for pair in 0..<pairs {
    let (first, second) =
      layout == .halfSplit ? (pair, pair + pairs) : (2 * pair, 2 * pair + 1)
    let angle = position / pow(theta, Double(pair) / Double(pairs))
    result[first] = head[first] * cos(angle) - head[second] * sin(angle)
    result[second] = head[second] * cos(angle) + head[first] * sin(angle)
  }
  return result
}
