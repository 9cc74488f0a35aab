import Attention
import CommandLine
import Foundation
import MTP
import SmallV3
import Text

/// `deepseek chat`: a conversation with a model that was taught to answer, or a base that
/// continues what is typed.
struct Chat: Command {
  static let name = "chat"
  static let overview = "Talk with a model; a base continues each line that you type."

  var model = URL(fileURLWithPath: ".")
  var system: String?
  var temperature: Double?
  var seed: UInt64 = 0

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option(
        "system", \.system, placeholder: "text",
        "What the model is told before the conversation."),
      .option(
        "temperature", \.temperature, placeholder: "t", rule: .within(0...100),
        "What the logits are divided by; 0 takes the likeliest token. (default: as the model says)"
      ),
      .option("seed", \.seed, placeholder: "n", "The seed of the draws."),
    ]
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model)
    var options = Generate()
    options.temperature = temperature
    let sampling = saved.sampling(options)
    if let coder = ChatCoder(saved.tokenizer) {
      var session = ChatSession(saved, coder, sampling, system: system, seed: seed)
      session.run()
    } else if system != nil {
      throw Failure(
        "\(model.relativePath) has no chat template that is known here, so --system has no place."
      )
    } else {
      BaseSession(saved: saved, sampling: sampling, seed: seed).run()
    }
  }
}

/// The lines that are typed, with a prompt where somebody sees it.
struct TypedLines {
  private let isTyped = isatty(STDIN_FILENO) == 1

  /// The next line; nil at the end of the input.
  func next() -> String? {
    if isTyped { Console.stream("> ") }
    return readLine()
  }

  /// Leaves the prompt's line.
  func finish() { if isTyped { Console.print() } }
}

/// A base that continues each line to its end.
struct BaseSession {
  let saved: SavedModel<DeepSeekModel>
  let sampling: Sampling
  let seed: UInt64

  /// Reads lines and continues them until the input ends.
  func run() {
    Console.log(
      "A base model: it continues your line to the line's end, and was not taught to answer.\n"
        + "An empty line starts afresh; the end of input (Ctrl-D) ends the program.")
    let lines = TypedLines()
    var context: [Int] = []
    var turn: UInt64 = 0
    while let line = lines.next() {
      if line.isEmpty {
        context = []
        continue
      }
      context += saved.tokenizer.encode(line, addingSpecialTokens: context.isEmpty)
      context = answer(context, seed: seed &+ turn)
      turn += 1
    }
    lines.finish()
  }

  /// Prints the rest of the line, and returns all that was said so far.
  private func answer(_ said: [Int], seed: UInt64) -> [Int] {
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
