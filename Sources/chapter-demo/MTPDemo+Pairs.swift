import CommandLine
import Figures
import MTP
import Text

extension MTPDemo {
  /// Shows who reads what of a short text, and draws it.
  mutating func pairUp() throws {
    let words = ["one", "two", "three", "four", "five", "six"]
    let batch = Batch(
      inputs: Array(0..<5), targets: Array(1..<6), sequences: 1, length: 5)
    Console.print("Who reads what of \"\(words.joined(separator: " "))\"")
    for (position, target) in batch.targets.enumerated() {
      report("model", "up to \(words[position]): what is next? \(words[target])")
    }
    let shift = batch.shifted(by: 1)
    for (position, target) in shift.targets.enumerated() {
      report(
        "module",
        "up to \(words[position]), and \(words[shift.tokens[position]]): "
          + "what comes then? \(words[target])")
    }
    Console.print()
    draw(
      "passes",
      StepGrid(
        title: "Six tokens in four passes",
        description:
          "Time runs to the right. The module drafts a token, the model judges it in a pass over "
          + "two tokens. Accepted drafts are passes that the model need not make.",
        rows: ["model", "module"], blocks: Self.passes,
        legend: [
          ("a pass of the model", .neutral), ("a draft", .ours),
          ("a rejected draft", .gradient),
        ],
        timeLabel: "time"))
  }

  /// Three passes with a draft each after the prompt's; the second draft is rejected.
  private static var passes: [StepGrid.Block] {
    var blocks = [
      StepGrid.Block(row: 0, start: 0, duration: 4, label: "→ two", ink: .neutral)
    ]
    let rounds: [(draft: String, judged: String, isAccepted: Bool)] = [
      ("three?", "three ✓ → four", true), ("six?", "six ✗ → five", false),
      ("six?", "six ✓ → seven", true),
    ]
    for (index, round) in rounds.enumerated() {
      let start = 4 + 6 * index
      blocks += [
        StepGrid.Block(
          row: 1, start: start, label: round.draft, ink: round.isAccepted ? .ours : .gradient),
        StepGrid.Block(
          row: 0, start: start + 1, duration: 5, label: round.judged, ink: .neutral),
      ]
    }
    return blocks
  }
}
