import CommandLine
import Foundation
import SmallV3
import Tensors

/// `deepseek fine-tune`: from a base to a model that answers.
struct FineTune: Command {
  static let name = "fine-tune"
  static let overview =
    "Teach a base to answer, from conversations; without a file from built-in ones."

  var model: URL?
  var data: [URL] = []
  var conversations: Int?
  var template: ChatTemplate?
  var epochs: Int?
  var batch: Int?
  var rateShare: Double?
  var out: URL?
  var resume: URL?
  var seed: UInt64?
  var threads: Int?
  var json = false

  static var inputs: [Input<Self>] {
    let usual = FineTuning()
    return [
      .option("model", \.model, placeholder: "dir", "The model directory of the base."),
      .repeated(
        "data", \.data, placeholder: "file",
        "JSON lines, each {\"messages\": [{\"role\": …, \"content\": …}, …]}. (default: built-in conversations)"
      ),
      .option(
        "conversations", \.conversations, placeholder: "n", rule: .within(20...1_000_000),
        "How many built-in conversations to make. (default: \(FineTuningNotes.usualCount))"),
      .option(
        "template", \.template, placeholder: "form",
        "The form of a conversation. (default: as the tokenizer has it, else v3)"),
      .option(
        "epochs", \.epochs, placeholder: "n", rule: .within(1...1000),
        "How often each conversation is seen. (default: \(usual.epochs))"),
      .option(
        "batch", \.batch, placeholder: "n", rule: .within(1...65_536),
        "The rows of a batch, each of one conversation or several. (default: \(usual.sequences))"
      ),
      .option(
        "rate-share", \.rateShare, placeholder: "s", rule: .above(0),
        "The highest rate, as a share of that of the base. (default: \(usual.rateShare))"),
      .option(
        "out", \.out, placeholder: "dir",
        "The model directory to write. (default: a new one in runs)"),
      .option("resume", \.resume, placeholder: "dir", "Continue the run of a directory."),
      .option(
        "seed", \.seed, placeholder: "n",
        "The seed of conversations and their order. (default: 0)"),
      .option(
        "threads", \.threads, placeholder: "n", rule: .within(1...256),
        "How many threads work; the result does not depend on it. (default: all cores)"),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func validate() throws {
    if model == nil, resume == nil {
      throw UsageError("Give --model, the base to teach, or --resume.")
    }
    if !data.isEmpty, conversations != nil {
      throw UsageError("--conversations cannot be given with --data: the files have them.")
    }
    guard resume != nil else { return }
    let fixed: [(String, Bool)] = [
      ("model", model != nil), ("data", !data.isEmpty),
      ("conversations", conversations != nil), ("template", template != nil),
      ("epochs", epochs != nil), ("batch", batch != nil), ("rate-share", rateShare != nil),
      ("out", out != nil), ("seed", seed != nil),
    ]
    if let given = fixed.first(where: \.1)?.0 {
      throw UsageError("--\(given) cannot be given with --resume: the run has decided it.")
    }
  }

  func run() throws {
    try Threads.with(threads ?? Threads.count) {
      Interrupt.listen()
      var run = try resume.map(FineTuningRun.init(resuming:)) ?? FineTuningRun(self)
      try run.train()
      let summary = try run.summary()
      Console.print(json ? summary.json.text(isIndented: false) : summary.text)
    }
  }
}

extension ChatTemplate: ArgumentValue {}
