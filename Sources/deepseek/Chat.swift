import Attention
import CommandLine
import Foundation
import MTP
import Text

/// `deepseek chat`: the model continues what is typed, line by line.
struct Chat: Command {
  static let name = "chat"
  static let overview = "Talk with a model: it continues each line that you type."

  var model = URL(fileURLWithPath: ".")
  var temperature: Double?
  var seed: UInt64 = 0

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option(
        "temperature", \.temperature, placeholder: "t", rule: .within(0...100),
        "What the logits are divided by; 0 takes the likeliest token. (default: as the model says)"
      ),
      .option("seed", \.seed, placeholder: "n", "The seed of the draws."),
    ]
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model)
    Console.log(
      "A base model: it continues your line to the line's end, and was not taught to answer.\n"
        + "An empty line starts afresh; the end of input (Ctrl-D) ends the program.")
    let isTyped = isatty(STDIN_FILENO) == 1
    var options = Generate()
    options.temperature = temperature
    var context: [Int] = []
    var turn: UInt64 = 0
    while true {
      if isTyped { Console.stream("> ") }
      guard let line = readLine() else { break }
      if line.isEmpty {
        context = []
        continue
      }
      context += saved.tokenizer.encode(line, addingSpecialTokens: context.isEmpty)
      context = answer(context, saved, saved.sampling(options), seed: seed &+ turn)
      turn += 1
    }
    if isTyped { Console.print() }
  }

  /// Prints the rest of the line, and returns all that was said so far.
  private func answer(
    _ said: [Int], _ saved: SavedModel<DeepSeekModel>, _ sampling: Sampling, seed: UInt64
  ) -> [Int] {
    let room = saved.configuration.maximumPositions
    // Half of the context is kept for the answer; what was said first is forgotten first.
    let kept = said.suffix(max(1, room / 2))
    var decoder = StreamingDecoder(saved.tokenizer)
    let lineEnd = UInt8(ascii: "\n")
    var hasEnded = false
    let added = saved.model.language.generate(
      [Array(kept)], count: room - kept.count + 1, sampling: sampling, seed: seed,
      stops: saved.stops
    ) { _, token in
      if saved.stops.contains(token) { return false }
      let text = decoder.append(token)
      hasEnded = saved.tokenizer.decodeBytes([token]).contains(lineEnd)
      Console.stream(hasEnded ? String(text.prefix { $0 != "\n" }) : text)
      return !hasEnded
    }
    Console.print(decoder.finish())
    return kept + added[0] + (hasEnded ? [] : saved.tokenizer.encode("\n"))
  }
}
