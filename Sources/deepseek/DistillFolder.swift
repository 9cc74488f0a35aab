import Attention
import Checkpoints
import CommandLine
import Distillation
import Foundation
import MTP
import RL

/// What was asked of a run, written before anything else: teacher and base may be interrupted too.
struct DistillWishes: Codable {
  var plan: DistillationPlan
  /// The name of a student, or the path of its base.
  var student: String
  /// The path of the teacher, if it was given.
  var teacher: String?
  var studentSteps, teacherSteps, teacherUpdates: Int?
  var problems: Int
}

/// The files of a run, and what is made once at its start: teacher, samples, base, marks.
struct DistillFolder {
  private static let wishesFile = "distill.json"
  private static let samplesFile = "samples.jsonl"
  private static let marksFile = "before.json"
  private static let metricsFile = "metrics.jsonl"

  let folder: URL
  let wishes: DistillWishes

  /// Begins a run's folder, or reads what it was begun with.
  init(_ options: Distill) throws {
    if let resume = options.resume {
      folder = resume
      var wishes: DistillWishes = try RunFolder.read(Self.wishesFile, in: resume)
      guard (1...100_000).contains(wishes.problems) else {
        throw Failure("\(resume.relativePath)/\(Self.wishesFile): its numbers make no plan.")
      }
      wishes.plan.tokens = options.tokens ?? wishes.plan.tokens
      self.wishes = wishes
      return
    }
    // What is named must be there before anything is made.
    if let teacher = options.teacher { _ = try SavedModel<DeepSeekModel>.open(teacher) }
    folder = try options.out.map(RunFolder.checked) ?? RunFolder.next(for: "distill")
    wishes = DistillWishes(
      plan: options.plan, student: try Self.known(options.student),
      teacher: options.teacher?.path, studentSteps: options.studentSteps,
      teacherSteps: options.teacherSteps, teacherUpdates: options.teacherUpdates,
      problems: options.problems)
    _ = try ModelDirectory(creating: folder)
    try RunFolder.write(wishes, Self.wishesFile, in: folder)
  }

  /// A name of a student, or the whole path of a directory.
  private static func known(_ student: String) throws -> String {
    if Student.named(student) != nil { return student }
    let folder = URL(fileURLWithPath: student)
    guard RunFolder.holds("config.json", folder) else {
      throw UsageError(
        "--student: '\(student)' is neither a directory with a model nor one of "
          + "\(Student.all.map(\.name).joined(separator: ", ")).")
    }
    return folder.path
  }

  var isRunning: Bool { RunFolder.holds(DistillationRun.stateFile, folder) }

  /// The words that continue this run.
  var howToGoOn: String { "Go on with: deepseek distill --resume \(folder.relativePath)" }

  // MARK: Teacher and samples

  /// The teacher that was named, or one that is trained now; none for rewards alone.
  func teacher() throws -> SavedModel<DeepSeekModel>? {
    if wishes.plan.method == .reinforcement { return nil }
    if let path = wishes.teacher { return try .open(URL(fileURLWithPath: path)) }
    let own = folder.appending(path: "teacher")
    let finished = "finished.json"
    if !RunFolder.holds(finished, own) {
      var reason = Reason()
      reason.updates = wishes.teacherUpdates
      (reason.problems, reason.ignoresGates) = (10, true)
      if RunFolder.holds("reason.json", own) {
        reason.resume = own
      } else {
        (reason.out, reason.baseSteps, reason.seed) = (
          own, wishes.teacherSteps, wishes.plan.seed
        )
      }
      Console.log("Making a teacher, as by deepseek reason.")
      do {
        var run = try ReasonRun(reason)
        try run.learn()
        try RunFolder.write(run.run.best.update, finished, in: own)
      } catch is Interrupted {
        throw Interrupted("Interrupted while the teacher learnt; saved.\n\(howToGoOn)")
      }
    }
    return try .open(own.appending(path: "best"))
  }

  /// The teacher's right responses: those of this run, or fresh ones.
  func samples(of teacher: SavedModel<DeepSeekModel>, _ alphabet: TaskAlphabet) throws
    -> TeacherSamples
  {
    let file = folder.appending(path: Self.samplesFile)
    if RunFolder.holds(Self.samplesFile, folder) {
      return try TeacherSamples(contentsOf: file, alphabet: alphabet)
    }
    let samples = try TeacherSamples(
      of: teacher.model.language, wishes.plan.samples, alphabet: alphabet)
    try samples.write(to: file, alphabet: alphabet)
    Console.log(
      "Kept \(samples.examples.count) of \(samples.asked) responses of the teacher, "
        + "\(samples.tokens) tokens.")
    return samples
  }

  // MARK: Student

  /// The student as it was saved last, or its base, which may have to be trained.
  func student() throws -> SavedModel<LanguageModel> {
    if isRunning { return try .open(folder) }
    guard let student = Student.named(wishes.student) else {
      return try .open(URL(fileURLWithPath: wishes.student))
    }
    let own = folder.appending(path: "base")
    var training = try StudentTraining(
      student, in: own, steps: wishes.studentSteps, seed: wishes.plan.seed)
    return try training.finish(resumingWith: folder)
  }

  /// The marks of the base, before any time is spent on steps.
  func before(_ student: SavedModel<LanguageModel>, _ alphabet: TaskAlphabet) throws
    -> ReasonerMarks
  {
    if isRunning { return try RunFolder.read(Self.marksFile, in: folder) }
    let marks = marks(of: student, alphabet)
    try RunFolder.write(marks, Self.marksFile, in: folder)
    return marks
  }

  /// The examination that before and after share.
  func marks(of student: SavedModel<LanguageModel>, _ alphabet: TaskAlphabet) -> ReasonerMarks {
    ReasonerMarks(
      of: student.model, sizes: wishes.plan.sizes, problems: wishes.problems,
      alphabet: alphabet)
  }

  // MARK: Metrics

  /// The steps that the run is known to have taken.
  func reports(upTo step: Int) throws -> [StudentReport] {
    let all: [StudentReport] = try RunFolder.lines(Self.metricsFile, in: folder)
    return all.filter { $0.step <= step }
  }

  func metrics(after known: [StudentReport]) throws -> FileHandle {
    try RunFolder.start(Self.metricsFile, in: folder, with: known)
  }
}
