import CommandLine
import Foundation

extension MLADemo {
  /// Goes through the chapter's example, in both forms: one head, two tokens, a latent of two numbers.
  mutating func walkByHand() {
    Console.print("By hand: the second of two tokens looks back, in both forms")
    // [c̃; k] of each token, before the norm and the rotation; the second query is (2; 1, 0).
    let made = [[5.0, 5, 1, 0], [1.0, 7, 1, 0]]
    let kept = made.enumerated().map { position, row in
      let size = ((row[0] * row[0] + row[1] * row[1]) / 2).squareRoot()
      let key = Self.turned([row[2], row[3]], by: Double(position))
      return (latent: [row[0] / size, row[1] / size], key: key)
    }
    for (position, token) in kept.enumerated() {
      report(
        "kept of \(position)", "latent \(Self.list(token.latent)), key \(Self.list(token.key))")
      for index in 0..<2 {
        note("hand.latent-\(position)-\(index)", token.latent[index])
        note("hand.key-\(position)-\(index)", token.key[index])
      }
    }
    // W^UK = (1, 0) and W^UV = (0, 10): a key is the first entry of a latent, a value ten times the other.
    let (content, rotary) = (2.0, Self.turned([1, 0], by: 1))
    let scale = 1 / 3.0.squareRoot()

    let (keys, values) = (kept.map { $0.latent[0] }, kept.map { 10 * $0.latent[1] })
    let turned = kept.map { rotary[0] * $0.key[0] + rotary[1] * $0.key[1] }
    let scores = zip(keys, turned).map { content * $0 + $1 }
    let weights = Self.softmax(scores.map { $0 * scale })
    let output = weights[0] * values[0] + weights[1] * values[1]
    report("expanded", "keys \(Self.list(keys)), values \(Self.list(values))")
    report("", "scores \(Self.list(scores)), weights \(Self.list(weights))")
    report("", "output \(Self.digits(output, 4))")

    let absorbed = [content * 1, content * 0]
    let same = kept.enumerated().map { index, token in
      absorbed[0] * token.latent[0] + absorbed[1] * token.latent[1] + turned[index]
    }
    let again = Self.softmax(same.map { $0 * scale })
    let mean = (0..<2).map { again[0] * kept[0].latent[$0] + again[1] * kept[1].latent[$0] }
    let result = 0 * mean[0] + 10 * mean[1]
    report("absorbed", "query \(Self.list(absorbed)), scores \(Self.list(same))")
    report("", "mean latent \(Self.list(mean)), output \(Self.digits(result, 4))")
    Console.print()
    for index in 0..<2 {
      note("hand.value-\(index)", values[index])
      note("hand.turned-\(index)", turned[index])
      note("hand.score-\(index)", scores[index])
      note("hand.scaled-\(index)", scores[index] * scale)
      note("hand.weight-\(index)", weights[index])
      note("hand.mean-\(index)", mean[index])
    }
    note("hand.scale", scale)
    note("hand.output", output)
    note("hand.output-absorbed", result)
  }

  private static func turned(_ pair: [Double], by angle: Double) -> [Double] {
    [
      pair[0] * cos(angle) - pair[1] * sin(angle),
      pair[0] * sin(angle) + pair[1] * cos(angle),
    ]
  }

  private static func softmax(_ scores: [Double]) -> [Double] {
    let raised = scores.map { exp($0) }
    let sum = raised.reduce(0, +)
    return raised.map { $0 / sum }
  }

  private static func list(_ numbers: [Double]) -> String {
    "(" + numbers.map { digits($0, 4) }.joined(separator: ", ") + ")"
  }
}
