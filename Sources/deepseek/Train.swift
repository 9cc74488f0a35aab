import Attention
import Checkpoints
import CommandLine
import FP8
import Foundation
import MTP
import SmallV3
import Tensors

/// `deepseek train`: from text to a model directory.
struct Train: Command {
  static let name = "train"
  static let overview =
    "Train a model and save it; without options a small V3, on the built-in corpus."

  var config: String?
  var data: [URL] = []
  var steps: Int?
  var minutes: Double?
  var out: URL?
  var resume: URL?
  var recipe: PretrainingRecipe?
  var fillRate: Double?
  var onSpike: SpikePolicy?
  var optimizer: TrainingPlan.Rule?
  var rate: Double?
  var precision: Precision?
  var batch: Int?
  var length: Int?
  var tokenizer: TokenizerChoice?
  var seed: UInt64?
  var evaluateEvery: Int?
  var saveEvery: Int?
  var threads: Int?
  var json = false

  static var inputs: [Input<Self>] {
    let names = NamedConfiguration.all.map(\.name).joined(separator: ", ")
    return [
      .option(
        "config", \.config, placeholder: "name|file",
        "One of \(names), or a config.json. (default: stories)"),
      .repeated(
        "data", \.data, placeholder: "file",
        "A text in UTF-8: its first 90 % trains, the rest validates. (default: the built-in corpus)"
      ),
      .option(
        "steps", \.steps, placeholder: "n", rule: .within(1...100_000_000),
        "How many steps to take. (default: as the recipe or the configuration says)"),
      .option(
        "minutes", \.minutes, placeholder: "m", rule: .within(0.05...100_000),
        "Measure the speed, then choose the steps so that it takes about so long."),
      .option(
        "out", \.out, placeholder: "dir",
        "The model directory to write. (default: a new one in runs)"),
      .option("resume", \.resume, placeholder: "dir", "Continue the run of a model directory."),
      .option(
        "recipe", \.recipe, placeholder: "name",
        "How DeepSeek-V3 was trained, in small: documents packed without copies, its schedules, batches that grow."
      ),
      .option(
        "fim-rate", \.fillRate, placeholder: "share", rule: .within(0...1),
        "With --recipe: the share of documents told as prefix, suffix and middle. (default: 0.1)"
      ),
      .option(
        "on-spike", \.onSpike, placeholder: "action",
        "What to do when the loss leaps: say so, stop, or go back to the last save and leave out the batches since. (default: warn)"
      ),
      .option(
        "optimizer", \.optimizer, placeholder: "rule",
        "What moves the weights. (default: as the configuration says)"),
      .option(
        "rate", \.rate, placeholder: "r", rule: .above(0),
        "The highest learning rate; with muon, that of the weights left to AdamW."),
      .option(
        "precision", \.precision, placeholder: "format",
        "The numbers that a step multiplies; the weights are kept and saved in 32 bits. (default: fp32)"
      ),
      .option(
        "batch", \.batch, placeholder: "n", rule: .within(1...65_536),
        "The sequences of a batch."),
      .option(
        "length", \.length, placeholder: "n", rule: .within(1...1_048_576),
        "The tokens of a sequence."),
      .option(
        "tokenizer", \.tokenizer, placeholder: "kind",
        "bytes, bpe:N to learn N tokens, or a tokenizer.json. (default: as the configuration says)"
      ),
      .option(
        "seed", \.seed, placeholder: "n", "The seed of weights and batches. (default: 0)"),
      .option(
        "evaluate-every", \.evaluateEvery, placeholder: "n", rule: .atLeast(1),
        "Steps between two looks at the validation text. (default: a tenth of all)"),
      .option(
        "save-every", \.saveEvery, placeholder: "n", rule: .atLeast(1),
        "Steps between two saves. (default: at every evaluation)"),
      .option(
        "threads", \.threads, placeholder: "n", rule: .within(1...256),
        "How many threads work; the result does not depend on it. (default: all cores)"),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func validate() throws {
    if steps != nil, minutes != nil {
      throw UsageError("Give --steps or --minutes, not both.")
    }
    if fillRate != nil, recipe == nil, resume == nil {
      throw UsageError("--fim-rate belongs to --recipe; give both.")
    }
    guard resume != nil else { return }
    let fixed: [(String, Bool)] = [
      ("config", config != nil), ("minutes", minutes != nil), ("recipe", recipe != nil),
      ("fim-rate", fillRate != nil), ("optimizer", optimizer != nil),
      ("rate", rate != nil), ("precision", precision != nil), ("batch", batch != nil),
      ("length", length != nil),
      ("tokenizer", tokenizer != nil), ("seed", seed != nil),
    ]
    if let given = fixed.first(where: \.1)?.0 {
      throw UsageError("--\(given) cannot be given with --resume: the run has decided it.")
    }
  }

  func run() throws {
    try Threads.with(threads ?? Threads.count) {
      Interrupt.listen()
      var run = try resume.map { try TrainingRun(resuming: $0, with: self) } ?? .init(self)
      try run.train()
      let summary = try run.summary()
      try run.writeCard()
      Console.print(json ? summary.json.text(isIndented: false) : summary.text)
    }
  }
}
