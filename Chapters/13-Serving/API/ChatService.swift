import Attention
import Checkpoints
import Foundation
import SmallV3
import Synchronization
import Text

/// The calls of OpenAI's API for one model, answered by an engine.
///
/// | path | answer |
/// |---|---|
/// | `GET /v1/models` | the model |
/// | `POST /v1/completions` | a text is continued |
/// | `POST /v1/chat/completions` | a conversation is continued |
/// | `GET /health`, `/metrics` | whether it is well, and what it does |
/// | `GET /` | a page to talk with the model |
public final class ChatService: Sendable {
  /// How a service is set up.
  public struct Options: Sendable {
    /// The name of the model.
    public var model: String
    /// What a client must show, if anything, as `Authorization: Bearer …`.
    public var token: String?
    /// The seed of calls that bring none; each gets a branch of its own.
    public var seed: UInt64 = 0
    /// Whether only this machine is served, so that a request for another host is an attack.
    public var isLocal = true

    /// Creates options.
    public init(model: String) { self.model = model }
  }

  let options: Options
  let engine: Engine
  let tokenizer: Tokenizer
  let coder: ChatCoder?
  let sampling: Sampling
  let stops: Set<Int>
  let maximumTokens: Int
  let created = Int(Date().timeIntervalSince1970)
  private let calls = Atomic(0)
  private let statuses = Mutex<[Int: Int]>([:])

  /// Creates a service.
  public init(
    _ engine: Engine, _ tokenizer: Tokenizer, _ generation: GenerationConfiguration,
    options: Options
  ) {
    self.engine = engine
    self.tokenizer = tokenizer
    self.options = options
    coder = ChatCoder(tokenizer)
    sampling =
      generation.samples == true
      ? Sampling(
        temperature: generation.temperature ?? 1,
        topK: generation.topK == 0 ? nil : generation.topK, topP: generation.topP ?? 1)
      : .greedy
    let configuration = engine.model.configuration
    stops = Set(generation.endTokens + configuration.endTokens + [coder?.end].compactMap { $0 })
    maximumTokens = generation.maximumNewTokens ?? configuration.maximumPositions
  }

  /// Answers a request.
  public func answer(_ request: HTTPRequest, _ reply: Reply) {
    do throws(APIError) {
      try check(request)
      let method = request.method == "HEAD" ? "GET" : request.method
      switch (method, request.path) {
      case ("GET", "/"): send(ChatPage.response, reply)
      case ("GET", "/health"): send(json(["status": "ok"]), reply)
      case ("GET", "/metrics"): send(metrics, reply)
      case ("GET", "/v1/models"):
        send(json(["object": "list", "data": [card]]), reply)
      case ("GET", "/v1/models/" + options.model): send(json(card), reply)
      case ("POST", "/v1/completions"): try complete(request, reply, isChat: false)
      case ("POST", "/v1/chat/completions"): try complete(request, reply, isChat: true)
      default: try refuse(request)
      }
    } catch { send(error.response, reply) }
  }

  private func send(_ response: HTTPResponse, _ reply: Reply) {
    count(response.status)
    reply.send(response)
  }

  func count(_ status: Int) { statuses.withLock { $0[status, default: 0] += 1 } }

  /// A number for a call, from 1 on.
  func nextCall() -> Int { calls.wrappingAdd(1, ordering: .relaxed).newValue }

  func json(_ value: JSONValue) -> HTTPResponse {
    HTTPResponse(type: "application/json", value.text(isIndented: false) + "\n")
  }

  private var card: JSONValue {
    [
      "id": .string(options.model), "object": "model", "created": .integer(created),
      "owned_by": "little-deepseek",
    ]
  }

  // MARK: Who may ask

  /// Refuses what no honest client sends: a page in a browser can reach this machine, too.
  private func check(_ request: HTTPRequest) throws(APIError) {
    if options.isLocal, let host = request["host"], !Self.isLocal(host) {
      throw APIError(403, "This server answers for localhost only.")
    }
    if let token = options.token, request.path.hasPrefix("/v1/") || request.path == "/metrics" {
      let words = (request["authorization"] ?? "").split(separator: " ")
      let shown = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : ""
      guard Self.isEqual(shown, token) else {
        throw APIError(401, "The header Authorization must be Bearer and the server's token.")
      }
    }
    let type = request["content-type"]?.lowercased().prefix { $0 != ";" && $0 != " " }
    guard request.method != "POST" || type == "application/json" else {
      throw APIError(415, "The header Content-Type must be application/json.")
    }
  }

  private static func isLocal(_ host: String) -> Bool {
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    return ["localhost", "127.0.0.1", "[::1]"].contains(name.lowercased())
  }

  /// Compares without telling by its time where two texts differ.
  private static func isEqual(_ left: String, _ right: String) -> Bool {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    return a.count == b.count && zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func refuse(_ request: HTTPRequest) throws(APIError) {
    let gets = ["/", "/health", "/metrics", "/v1/models", "/v1/models/" + options.model]
    let posts = ["/v1/completions", "/v1/chat/completions"]
    guard gets.contains(request.path) || posts.contains(request.path) else {
      throw APIError(404, "There is nothing at \(request.path).")
    }
    let allowed = posts.contains(request.path) ? "POST" : "GET"
    throw APIError(405, "\(request.path) is asked for with \(allowed).")
  }

  // MARK: What it does

  /// What the engine does, in the text form of Prometheus.
  private var metrics: HTTPResponse {
    let status = engine.status
    let tally = status.tally
    var lines: [String] = []
    func add(_ name: String, _ kind: String, _ help: String, _ values: [(String, Int)]) {
      lines.append("# HELP deepseek_\(name) \(help)")
      lines.append("# TYPE deepseek_\(name) \(kind)")
      lines += values.map { "deepseek_\(name)\($0) \($1)" }
    }
    let answers = statuses.withLock { $0.sorted { $0.key < $1.key } }
    add(
      "requests_total", "counter", "Answered requests.",
      answers.map { ("{status=\"\($0.key)\"}", $0.value) })
    add("requests_waiting", "gauge", "Requests in the queue.", [("", status.waiting)])
    add("requests_active", "gauge", "Texts that are being written.", [("", status.active)])
    add("prompt_tokens_total", "counter", "Tokens of prompts.", [("", tally.promptTokens)])
    add(
      "cached_tokens_total", "counter", "Tokens of prompts that were not read again.",
      [("", tally.cachedTokens)])
    add("written_tokens_total", "counter", "Tokens written.", [("", tally.writtenTokens)])
    add("steps_total", "counter", "Trips through the model.", [("", tally.steps)])
    add("drafts_total", "counter", "Drafted tokens.", [("", tally.drafts)])
    add(
      "drafts_accepted_total", "counter", "Drafted tokens that stood.",
      [("", tally.acceptedDrafts)])
    add("cache_pages", "gauge", "Pages of the cache in use or kept.", [("", status.pages)])
    add("cache_pages_limit", "gauge", "Pages of the cache.", [("", status.pageLimit)])
    return HTTPResponse(
      type: "text/plain; version=0.0.4", lines.joined(separator: "\n") + "\n")
  }
}
