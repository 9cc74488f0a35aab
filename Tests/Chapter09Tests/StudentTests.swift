import Attention
import Checkpoints
import Distillation
import Foundation
import MTP
import RL
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A student` {
  @Test(arguments: Student.all)
  func `has as many weights as its name says, and the bias of its family`(
    _ student: Student
  ) throws {
    let model = student.model.model(seed: 0)
    let thousands = Int((Double(model.parameterCount) / 1000).rounded())
    #expect(student.name.hasSuffix("-\(thousands)k"))
    let biases = model.namedParameters.filter { $0.name.hasSuffix("_proj.bias") }
    #expect(biases.isEmpty == (student.model.family == .llama))
    #expect(Student.named(student.name) == student)
  }

  @Test func `stands between its neighbours in size and in rate`() {
    let sizes = Student.all.map { $0.model.model(seed: 0).parameterCount }
    #expect(sizes == sizes.sorted() && Set(sizes).count == 6)
    let rates = Student.all.map(\.rate)
    #expect(rates == rates.sorted(by: >))
    #expect(Student.all.contains(.standard) && Student.named("gpt") == nil)
  }

  @Test func `is hardly ever shown the thoughts of long sums`() {
    for entry in Student.mix.entries where entry.kind == .digitSum && entry.size >= 8 {
      #expect(entry.thinking <= 0.01)
    }
    #expect(Student.mix.entries.contains { $0.size == 7 && $0.thinking == 0.5 })
  }

  @Test(arguments: [Student.all[0], Student.all[2]])
  func `is saved as a directory of its family that opens with equal logits`(
    _ student: Student
  ) throws {
    let model = student.model.model(seed: 5)
    let tokens = TaskAlphabet.standard.prompt("3719+")
    try withFolder { folder in
      let saved = SavedModel(
        configuration: student.model, model: model,
        tokenizer: TaskAlphabet.standard.tokenizer, generation: GenerationConfiguration())
      try saved.save(to: folder)
      let config = try String(
        contentsOf: folder.appending(path: "config.json"), encoding: .utf8)
      #expect(
        config.contains(
          student.model.family == .qwen2 ? "Qwen2ForCausalLM" : "LlamaForCausalLM"))
      let opened = try SavedModel<LanguageModel>(opening: folder)
      let logits = [model, opened.model].map {
        $0.logits(
          tokens,
          in: Pass(Sequences(count: 1, length: tokens.count), on: Tape(recording: false))
        ).value
      }
      #expect(logits[0] == logits[1] && opened.configuration == student.model)
    }
  }
}

@Suite struct `The samples of a teacher` {
  @Test func `are right, all of them, and answer what is not held out`() throws {
    let samples = try #require(Pair.samples)
    #expect(samples.examples.count == 48 && samples.asked > 48)
    #expect(samples.keptShare > 0.05 && samples.keptShare < 1)
    let alphabet = TaskAlphabet.standard
    for example in samples.examples {
      let question = alphabet.tokenizer.decode(
        Array(example.prompt[2..<(example.prompt.count - 1)]))
      let answer = try #require(alphabet.parse(example.response).answer)
      if question.hasSuffix("+") {
        #expect(answer == String(question.dropLast()))
      } else {
        let digits = question.dropFirst()
        #expect(answer == (question.hasPrefix("s") ? String(digits.sorted()) : String(digits)))
      }
      #expect(example.response.last == alphabet.end)
    }
    #expect(samples.tokens == samples.examples.reduce(0) { $0 + $1.response.count })
  }

  @Test func `are the same on any number of threads, and others with another seed`() throws {
    let teacher = Pair.teacher()
    let all = try [1, 3].map { threads in
      try Threads.with(threads) { try TeacherSamples(of: teacher, Pair.samplePlan) }
    }
    #expect(all[0] == all[1])
    var other = Pair.samplePlan
    other.seed = 1
    #expect(try TeacherSamples(of: teacher, other) != all[0])
  }

  @Test func `are not taken from a teacher that knows nothing`() {
    var plan = Pair.samplePlan
    (plan.smallest, plan.largest, plan.plainShare, plan.count) = (8, 8, 0, 2048)
    #expect(throws: DistillationError.self) {
      try TeacherSamples(of: Pair.student(), plan)
    }
  }

  @Test func `come one by one in each round, and in another order in the next`() throws {
    let samples = try #require(Pair.samples)
    func key(_ examples: [Example]) -> [String] {
      examples.map { "\($0.prompt) \($0.response)" }.sorted()
    }
    let rounds = (0..<2).map { round in
      (0..<3).flatMap { samples.examples(step: 3 * round + $0, count: 16, seed: 4) }
    }
    #expect(key(rounds[0]) == key(samples.examples) && key(rounds[1]) == key(rounds[0]))
    #expect(rounds[0] != rounds[1])
    let across = samples.examples(step: 0, count: 96, seed: 4)
    #expect(across == rounds[0] + rounds[1], "a step may reach into the next round")
  }

  @Test func `are silent in their questions when they are made into a batch`() throws {
    let samples = try #require(Pair.samples)
    var source = SampleSource(samples, sequences: 6, length: 20, seed: 1)
    let alphabet = TaskAlphabet.standard
    let batch = source.next()
    for row in 0..<6 {
      let places = row * 20..<(row + 1) * 20
      let (inputs, targets) = (Array(batch.inputs[places]), Array(batch.targets[places]))
      let start = try #require(inputs.firstIndex(of: alphabet.assistant))
      #expect(targets[..<start].allSatisfy { $0 == Batch.ignored })
      let response = targets[start...].prefix { $0 >= 0 }
      #expect(response.last == alphabet.end, "the end is learnt too")
      #expect(targets[(start + response.count)...].allSatisfy { $0 == Batch.ignored })
      let whole = Example(prompt: Array(inputs[...start]), response: Array(response))
      #expect(samples.examples.contains(whole))
    }
    var again = SampleSource(samples, sequences: 6, length: 20, seed: 1)
    #expect(again.next() == batch && again.next() == source.next())
  }

  @Test func `can be written down and read again, and nothing else can`() throws {
    let samples = try #require(Pair.samples)
    try withFolder { folder in
      let file = folder.appending(path: "samples.jsonl")
      try samples.write(to: file)
      #expect(try TeacherSamples(contentsOf: file) == samples)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains("<｜Assistant｜>"))
      for broken in ["", "{}", text + "{\"prompt\":[1],\"response\":[99]}\n"] {
        try Data(broken.utf8).write(to: file)
        #expect(throws: TrainingError.self) { try TeacherSamples(contentsOf: file) }
      }
    }
  }
}
