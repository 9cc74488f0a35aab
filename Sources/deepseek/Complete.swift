import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import Text

/// `deepseek complete`: writes what stands between two texts.
struct Complete: Command {
  static let name = "complete"
  static let overview = "Fill in the middle between the two sides of a text, such as code."

  var model = URL(fileURLWithPath: ".")
  var prefix = ""
  var suffix = ""
  var count = 64
  var temperature = 0.0
  var seed: UInt64 = 0
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option("prefix", \.prefix, placeholder: "text", "What stands before the middle."),
      .option("suffix", \.suffix, placeholder: "text", "What stands behind it."),
      .option(
        "max-new-tokens", \.count, placeholder: "n", rule: .within(1...10_000_000),
        "The most tokens of the middle."),
      .option(
        "temperature", \.temperature, placeholder: "t", rule: .within(0...100),
        "What the logits are divided by; 0 takes the likeliest token."),
      .option("seed", \.seed, placeholder: "n", "The seed of the draws."),
      .flag("json", \.json, "Print the middle and its tokens as JSON."),
    ]
  }

  func validate() throws {
    if prefix.isEmpty, suffix.isEmpty {
      throw UsageError("Give --prefix or --suffix, or both.")
    }
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model)
    let (start, stops) = try question(to: saved)
    let room = saved.configuration.maximumPositions - start.count + 1
    var middle = saved.model.language.generate(
      [start], count: min(count, room), sampling: Sampling(temperature: temperature),
      seed: seed, stops: stops)[0]
    let isWhole = middle.last.map(stops.contains) ?? false
    if isWhole { middle.removeLast() }
    let text = saved.tokenizer.decode(middle, skippingSpecial: true)
    if json {
      let members: JSONValue = [
        "middle": .string(text), "tokens": .array(middle.map { .integer($0) }),
        "whole": .bool(isWhole),
      ]
      return Console.print(members.text(isIndented: false))
    }
    Console.print(text)
    if !isWhole {
      let tokens = middle.count == 1 ? "1 token" : "\(middle.count) tokens"
      Console.log("Stopped after \(tokens), before the model came to an end.")
    }
  }

  /// The tokens to go on from, and those that end the middle.
  private func question(
    to saved: SavedModel<DeepSeekModel>
  ) throws -> (start: [Int], stops: Set<Int>) {
    let tokenizer = saved.tokenizer
    let transform: FillInTheMiddle
    do { transform = try FillInTheMiddle(tokenizer, rate: 1) } catch {
      throw Failure("\(model.relativePath): \(error)")
    }
    // A model that begins another hole has come to an end too.
    let marks: Set = [transform.begin, transform.hole, transform.end]
    let stops = saved.stops.union(marks)
    let begin = tokenizer.settings.addsBegin ? tokenizer.beginID.map { [$0] } : nil
    let start =
      try (begin ?? [])
      + transform.prompt(
        prefix: side(prefix, "--prefix", tokenizer, without: marks),
        suffix: side(suffix, "--suffix", tokenizer, without: marks))
    try saved.check(start)
    return (start, stops)
  }

  /// The tokens of one side, in which no mark may stand: the model would read it as its own.
  private func side(
    _ text: String, _ option: String, _ tokenizer: Tokenizer, without marks: Set<Int>
  ) throws -> [Int] {
    let tokens = tokenizer.encode(text)
    if let mark = tokens.first(where: marks.contains) {
      throw Failure("\(option) holds \(tokenizer.decode([mark])), which no text may hold here.")
    }
    let read = tokenizer.decode(tokens)
    if read != text {
      Console.log(
        "\(option) has characters that the model has no tokens for; it reads \"\(read)\".")
    }
    return tokens
  }
}
