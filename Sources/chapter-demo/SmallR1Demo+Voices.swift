import CommandLine
import SmallR1

extension SmallR1Demo {
  /// Prints one question answered by all models, and tells how often a thought begins again.
  mutating func showVoices(_ records: SmallR1Records) {
    guard let run = records.runs.first, let all = run.voices else { return }
    Console.print("The same questions to all models, seed \(run.seed)")
    for (place, question) in all.questions.enumerated() {
      Console.print("  \(question)")
      for voice in all.voices { report("  \(voice.name)", voice.replies[place]) }
    }
    Console.print()
    Console.print("Thoughts that begin again, of sampled ones about sums of six digits")
    for voice in all.voices {
      let key = "voices.\(voice.name)"
      let share = Double(voice.retries) / Double(max(voice.thoughts, 1))
      note("\(key).thoughts", voice.thoughts)
      note("\(key).retries", voice.retries)
      note("\(key).share", share)
      note("\(key).after-mistake", Double(voice.afterMistake) / Double(max(voice.retries, 1)))
      note("\(key).mended", Double(voice.mended) / Double(max(voice.retries, 1)))
      note("\(key).at-once", Double(voice.rightAtOnce) / Double(max(voice.plain, 1)))
      report(
        voice.name,
        "\(voice.retries) of \(voice.thoughts), \(voice.afterMistake) of them after a wrong step; right "
          + "\(voice.mended), of the others \(voice.rightAtOnce) of \(voice.plain)")
    }
    Console.print()
  }
}
