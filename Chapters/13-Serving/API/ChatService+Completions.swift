import Attention
import Foundation
import SmallV3
import Text

extension ChatService {
  /// Answers a call for a completion.
  func complete(_ request: HTTPRequest, _ reply: Reply, isChat: Bool) throws(APIError) {
    let call = try CompletionCall(request.body, isChat: isChat)
    if let model = call.model, model != options.model {
      throw APIError(
        404, "The model here is \(options.model), not \(model).", parameter: "model")
    }
    let number = nextCall()
    let queue = EventQueue()
    let generation = try generation(call, number)
    let ticket: Engine.Ticket
    do throws(Refusal) { ticket = try engine.submit(generation) { queue.put($0) } } catch {
      throw APIError(error)
    }
    let form = AnswerForm(
      id: "\(isChat ? "chatcmpl" : "cmpl")-\(created)-\(number)", model: options.model,
      created: Int(Date().timeIntervalSince1970), isChat: isChat)
    var run = CompletionRun(
      reader: AnswerReader(tokenizer, isChat ? coder : nil, stops: call.stops),
      usage: Usage(prompt: generation.prompt.count))
    if call.streams {
      try stream(call, form, &run, ticket, queue, reply)
    } else {
      try answer(form, &run, ticket, queue, reply)
    }
  }

  /// The request to the engine that a call makes.
  private func generation(
    _ call: CompletionCall, _ number: Int
  ) throws(APIError) -> GenerationRequest {
    let prompt: [Int]
    switch call.prompt {
    case .tokens(let tokens): prompt = tokens
    case .text(let text): prompt = tokenizer.encode(text, addingSpecialTokens: true)
    case .conversation(let conversation):
      guard let coder else {
        throw APIError(
          400, "This model has no chat template that is known here; use /v1/completions.")
      }
      prompt = coder.prompt(conversation)
    }
    var sampling = sampling
    if call.temperature != nil || call.topP != nil || call.topK != nil {
      sampling = Sampling(
        temperature: call.temperature ?? (self.sampling == .greedy ? 1 : sampling.temperature),
        topK: call.topK ?? sampling.topK, topP: call.topP ?? sampling.topP)
    }
    return GenerationRequest(
      prompt: prompt, maximumTokens: call.maximumTokens ?? maximumTokens, sampling: sampling,
      seed: call.seed ?? options.seed &+ UInt64(number), stops: stops)
  }

  // snippet.follow
  /// Follows a request to its end, and gives up when nobody waits for the answer any more.
  private func follow(
    _ run: inout CompletionRun, _ ticket: Engine.Ticket, _ queue: EventQueue, _ reply: Reply,
    onStart: () -> Void = {}, onPiece: (AnswerPiece) -> Void
  ) throws(APIError) {
    while run.reason == nil {
      let events = queue.take(waiting: .milliseconds(200))
      if reply.isAbandoned {
        engine.cancel(ticket)
        run.reason = "cancelled"
        return
      }
      for event in events where run.reason == nil {
        if case .started = event { onStart() }
        if case .refused(let refusal) = event { throw APIError(refusal) }
        for piece in run.take(event) { onPiece(piece) }
      }
      if run.reader.isStopped { engine.cancel(ticket) }
    }
  }
  // snippet.end

  private func answer(
    _ form: AnswerForm, _ run: inout CompletionRun, _ ticket: Engine.Ticket,
    _ queue: EventQueue, _ reply: Reply
  ) throws(APIError) {
    var answer = Answer()
    try follow(&run, ticket, queue, reply) { answer.add($0) }
    answer.reason = run.reason ?? ""
    answer.usage = run.usage
    guard answer.reason != "cancelled" else { return }
    count(200)
    reply.send(json(form.whole(answer)))
  }

  /// Sends each piece as an event of its own: `data: {…}`, and `data: [DONE]` at the end.
  private func stream(
    _ call: CompletionCall, _ form: AnswerForm, _ run: inout CompletionRun,
    _ ticket: Engine.Ticket, _ queue: EventQueue, _ reply: Reply
  ) throws(APIError) {
    func send(_ value: String) { _ = reply.write("data: \(value)\n\n") }
    try follow(&run, ticket, queue, reply) {
      count(200)
      reply.begin(
        200,
        [
          HTTPHeader("Content-Type", "text/event-stream; charset=utf-8"),
          HTTPHeader("Cache-Control", "no-cache"),
        ])
      if form.isChat {
        send(form.piece(.text(""), isFirst: true).text(isIndented: false))
      }
    } onPiece: { piece in
      send(form.piece(piece).text(isIndented: false))
    }
    send(form.piece(nil, reason: run.reason).text(isIndented: false))
    if call.includesUsage { send(form.usage(run.usage).text(isIndented: false)) }
    send("[DONE]")
  }
}

/// A completion on its way.
struct CompletionRun {
  var reader: AnswerReader
  var usage: Usage
  /// Why it ended; nil while it goes on.
  var reason: String?

  /// What an event adds to the answer.
  mutating func take(_ event: GenerationEvent) -> [AnswerPiece] {
    switch event {
    case .started(let cached):
      usage.cached = cached
      return []
    case .token(let token):
      usage.written += 1
      let pieces = reader.read(token)
      usage.thought = reader.thoughtTokens
      if reader.isStopped { reason = "stop" }
      return pieces
    case .finished(let end):
      reason = end == .length ? "length" : end == .stop ? "stop" : "cancelled"
      return reader.finish()
    case .refused: return []
    }
  }
}
