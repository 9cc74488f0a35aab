import Attention
import Foundation
import SmallV3
import Tensors
import Text

/// How good a served model is: what it expects of text, and how many questions it answers.
public struct QualityMarks: Sendable, Equatable {
  /// The mean cross-entropy of the next token, in nats.
  public let loss: Double
  /// The share of the questions that are answered rightly.
  public let accuracy: Double
  /// The bytes of the weights.
  public let bytes: Int

  /// e to the loss: among how many equally likely tokens the model hesitates.
  public var perplexity: Double { exp(loss) }

  /// Measures a model.
  /// - Parameters:
  ///   - windows: token texts, each read from its beginning.
  ///   - items: questions, asked as `Q: … A:` and answered greedily up to the end of the line.
  public init(
    of model: ServedModel, windows: [[Int]], items: [TaskItem], tokenizer: Tokenizer
  ) throws {
    loss = model.loss(of: windows)
    accuracy = try model.accuracy(on: items, tokenizer)
    bytes = model.weightBytes.all
  }
}

extension ServedModel {
  /// The mean cross-entropy of every token of some texts but their first, in nats.
  public func loss(of windows: [[Int]]) -> Double {
    let sums = windows.map { window in
      let logits = ReadText(self, .fp32).read(Array(window.dropLast()))
      return zip(0..<logits.rows, window.dropFirst()).reduce(0.0) { sum, place in
        sum + logits.surprise(of: place.1, row: place.0)
      }
    }
    return sums.reduce(0, +) / Double(max(1, windows.reduce(0) { $0 + $1.count - 1 }))
  }

  /// The share of questions that the model answers rightly, all asked at once.
  public func accuracy(on items: [TaskItem], _ tokenizer: Tokenizer) throws -> Double {
    var scheduler = Scheduler(
      self, limits: EngineLimits(active: 32, waiting: max(1, items.count)),
      options: EngineOptions(cache: .fp32))
    var answers: [Int: (item: TaskItem, tokens: [Int])] = [:]
    for item in items {
      let prompt = tokenizer.encode("Q: \(item.prompt) A:", addingSpecialTokens: true)
      let id = try scheduler.submit(GenerationRequest(prompt: prompt, maximumTokens: 16))
      answers[id] = (item, [])
    }
    while !scheduler.isIdle {
      for (id, event) in scheduler.step() {
        guard case .token(let token) = event else { continue }
        answers[id]?.tokens.append(token)
        if tokenizer.decodeBytes([token]).contains(UInt8(ascii: "\n")) { scheduler.cancel(id) }
      }
    }
    let right = answers.values.filter { item, tokens in
      let line = tokenizer.decode(tokens).prefix { $0 != "\n" }
      return item.judge(line.trimmingCharacters(in: .whitespaces))
    }
    return Double(right.count) / Double(max(1, items.count))
  }
}
