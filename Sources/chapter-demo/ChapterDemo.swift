import CommandLine
import Foundation

/// `chapter-demo`: lists the chapters' demonstrations, or runs one.
struct ChapterDemo: Command {
  static let name = "chapter-demo"
  static let overview = "Show what a chapter is about; without a topic, list them."

  var topic: TopicWord?
  var figures: URL?
  var seed: UInt64?
  var isLong = false
  var pipeline = PipelineOptions()

  static var inputs: [Input<Self>] {
    [
      .argument("topic", \.topic, "What to show, by name or by the number of its chapter."),
      .option(
        "figures", \.figures, placeholder: "dir",
        "Write the figures (SVG) and the numbers (JSON) into a folder."),
      .option("seed", \.seed, placeholder: "n", "The seed of everything random. (default: 0)"),
      .flag("long", \.isLong, "Run the chapter's long experiment instead: many minutes."),
      .option(
        "schedule", \.pipeline.schedule, placeholder: "name",
        "Only with dualpipe: show this schedule, by default dualpipe itself."),
      .option(
        "ranks", \.pipeline.ranks, placeholder: "n",
        "Only with dualpipe: how many ranks work. (default: 8)"),
      .option(
        "micro-batches", \.pipeline.microBatches, placeholder: "n",
        "Only with dualpipe: how many micro-batches a step has. (default: 20)"),
      .option(
        "costs", \.pipeline.costs, placeholder: "f,b,w,pair", rule: PipelineOptions.costRule,
        "Only with dualpipe: how long a forward pass takes, a backward pass, the part of it for "
          + "the weights, and a pair. (default: 1,2,1,3)"),
      .flag("json", \.pipeline.isJSON, "Only with dualpipe: print the schedule as JSON."),
    ]
  }

  func validate() throws {
    if let option = pipeline.given.first, topic?.topic.name != Topic.dualpipe.name {
      throw UsageError("\(option) goes only with the topic \(Topic.dualpipe.name).")
    }
    if seed != nil, let topic = topic?.topic, !topic.isRandom {
      throw UsageError("--seed means nothing to \(topic.name): nothing in it is random.")
    }
    _ = try pipeline.request()
  }

  func run() throws {
    guard let topic = topic?.topic else { return list() }
    guard let run = isLong ? topic.runLong : topic.run else {
      throw UsageError("The topic '\(topic.name)' has no long experiment.")
    }
    if let figures {
      try FileManager.default.createDirectory(at: figures, withIntermediateDirectories: true)
    }
    try run(Stage(figures: figures, seed: seed ?? 0, pipeline: pipeline.request()))
  }

  private func list() {
    for topic in Topic.all {
      let number = topic.chapter < 10 ? "0\(topic.chapter)" : "\(topic.chapter)"
      let word = topic.name.padding(toLength: 14, withPad: " ", startingAt: 0)
      Console.print("\(number)  \(word)\(topic.summary) (\(topic.seconds) s)")
    }
    Console.print("\nRun one with: swift run chapter-demo <topic>")
  }
}
