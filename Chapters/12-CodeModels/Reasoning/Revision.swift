import Text

/// The second turn of CODEI/O++: the judge says what is wrong, and the model tries again.
///
///     question ▸ first response ▸ <｜User｜> feedback <｜Assistant｜> ▸ second response
///
/// The loss leaves out the feedback. It is the judge's text, and at use the judge writes it; a
/// model that is trained on it learns to judge itself, unseen. The paper trains on all four
/// parts as one response.
extension ProgramAnswer {
  /// Whether a second turn makes sense: the response came to an end, and did not succeed.
  public var isRevisable: Bool { status != .success && status != .timeout }

  // snippet.feedback
  /// What the judge says of a wrong answer.
  ///
  /// For an input it tells what the answer gave, `4>13`; a wrong output is only called wrong,
  /// so that the truth is not given away. Nor is it for the others.
  /// Paper: CODEI/O, `build_codeio_rev_msg.py`.
  public var feedback: String {
    switch (problem.task, status) {
    case (.input, .wrong):
      guard let text, let x = Int(number: text) else { return "no" }
      return "\(x)>\(problem.program.run(x: x))"
    case (_, .wrong): return "wrong"
    default: return "no"
    }
  }
  // snippet.end

  /// Everything up to where the second response begins.
  public func revisionPrompt(_ alphabet: CodeAlphabet = .standard) -> [Int] {
    let tasks = alphabet.tasks
    return tasks.prompt(problem.prompt) + response + [tasks.user] + tasks.encode(feedback)
      + [tasks.assistant]
  }

  // snippet.revision
  /// The conversation as training sees it, with the interpreter's steps as second response.
  ///
  /// - Parameter scoringFirst: whether the loss counts the wrong first response, as in the paper.
  public func revisionText(
    _ alphabet: CodeAlphabet = .standard, scoringFirst: Bool = true
  ) -> ScoredText {
    let tasks = alphabet.tasks
    let question = ScoredText().reading(tasks.prompt(problem.prompt))
    return (scoringFirst ? question.writing(response) : question.reading(response))
      .reading([tasks.user] + tasks.encode(feedback) + [tasks.assistant])
      .writing(tasks.response(thought: problem.steps, answer: problem.answer))
  }
  // snippet.end
}
