import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import Text

/// `deepseek generate`: continues a text.
struct Generate: Command {
  static let name = "generate"
  static let overview = "Continue a text, or a list of tokens."

  var model = URL(fileURLWithPath: ".")
  var prompt: String?
  var tokens: [Int]?
  var count: Int?
  var temperature: Double?
  var topP: Double?
  var topK: Int?
  var seed: UInt64 = 0
  var speculative = false
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option("prompt", \.prompt, placeholder: "text", "The text to continue."),
      .option("tokens", \.tokens, placeholder: "ids", "The tokens to continue, as in 1,2,3."),
      .option(
        "max-new-tokens", \.count, placeholder: "n", rule: .within(1...10_000_000),
        "The most tokens to add. (default: as the model says, else 256)"),
      .option(
        "temperature", \.temperature, placeholder: "t", rule: .within(0...100),
        "What the logits are divided by; 0 takes the likeliest token. (default: as the model says)"
      ),
      .option(
        "top-p", \.topP, placeholder: "p",
        rule: Rule("must be above 0 and at most 1") { $0 > 0 && $0 <= 1 },
        "The share of probability to draw from. (default: as the model says)"),
      .option(
        "top-k", \.topK, placeholder: "k", rule: .atLeast(1),
        "The number of likeliest tokens to draw from. (default: as the model says)"),
      .option("seed", \.seed, placeholder: "n", "The seed of the draws."),
      .flag(
        "speculative", \.speculative,
        "Let the prediction modules draft tokens, which the model judges several at a time."),
      .flag("json", \.json, "Print the tokens of prompt and continuation as JSON."),
    ]
  }

  func validate() throws {
    if prompt != nil, tokens != nil {
      throw UsageError("Give --prompt or --tokens, not both.")
    }
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model, forTokensOnly: json && tokens != nil)
    if speculative, saved.model.modules.isEmpty {
      throw Failure(
        "\(model.relativePath) has no prediction module, so nothing drafts for --speculative.")
    }
    let start = try opening(of: saved)
    let room = saved.configuration.maximumPositions - start.count + 1
    let wanted = count ?? saved.generation.maximumNewTokens ?? 256
    var decoder = StreamingDecoder(saved.tokenizer)
    if !json { Console.stream(saved.tokenizer.decode(start)) }
    let (added, tally) = continuation(of: start, by: min(wanted, room), saved) { token in
      if !json, !saved.stops.contains(token) { Console.stream(decoder.append(token)) }
    }
    if json {
      let members: JSONValue = ["tokens": .array((start + added).map { .integer($0) })]
      return Console.print(members.text(isIndented: false))
    }
    Console.print(decoder.finish())
    if let tally {
      let share = Int((100 * tally.secondTokenAcceptance).rounded())
      Console.log(
        "\(tally.tokens) tokens in \(tally.passes) passes of the model; "
          + "\(share) % of the drafted second tokens were accepted.")
    }
    if let count, count > room, added.count == room {
      Console.log(
        "Stopped after \(room) of \(count) tokens: the context of "
          + "\(saved.configuration.maximumPositions) is full.")
    }
  }

  /// The new tokens, and how the drafts fared if there were any.
  private func continuation(
    of start: [Int], by count: Int, _ saved: SavedModel<DeepSeekModel>,
    onToken: (Int) -> Void
  ) -> (tokens: [Int], tally: SpeculationTally?) {
    let sampling = saved.sampling(self)
    if speculative {
      return saved.model.generateSpeculatively(
        start, count: count, sampling: sampling, seed: seed, stops: saved.stops
      ) { token in
        onToken(token)
        return true
      }
    }
    let added = saved.model.language.generate(
      [start], count: count, sampling: sampling, seed: seed, stops: saved.stops
    ) { _, token in
      onToken(token)
      return true
    }
    return (added[0], nil)
  }

  /// The tokens to continue; without any, those that begin a text.
  private func opening(of saved: SavedModel<DeepSeekModel>) throws -> [Int] {
    if prompt == "" { throw Failure("The prompt is empty; give some text to continue.") }
    var start = tokens ?? prompt.map { saved.tokenizer.encode($0, addingSpecialTokens: true) }
    if start == nil {
      let first = saved.tokenizer.beginID ?? saved.configuration.beginToken
      start = first.map { [$0] } ?? saved.tokenizer.encode("\n")
    }
    let checked = start ?? []
    try saved.check(checked)
    return checked
  }
}

extension SavedModel {
  /// How to sample: as the command line says, else as the model's files say.
  ///
  /// As in `transformers`, a model that says nothing is read greedily.
  func sampling(_ options: Generate) -> Sampling {
    let asks = options.temperature != nil || options.topP != nil || options.topK != nil
    guard asks || generation.samples == true else { return .greedy }
    let topK = options.topK ?? generation.topK
    return Sampling(
      temperature: options.temperature ?? generation.temperature ?? 1,
      topK: topK == 0 ? nil : topK, topP: options.topP ?? generation.topP ?? 1)
  }
}
