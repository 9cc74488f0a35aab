import Checkpoints

/// Why a call is not answered, in the form in which OpenAI's clients expect it.
public struct APIError: Error, Sendable, Equatable {
  /// The status.
  public let status: Int
  /// One sentence.
  public let message: String
  /// The member of the call that is wrong, if it is one.
  public let parameter: String?

  /// Creates an error.
  public init(_ status: Int, _ message: String, parameter: String? = nil) {
    self.status = status
    self.message = message
    self.parameter = parameter
  }

  /// Says why the engine does not take a request.
  init(_ refusal: Refusal) {
    let status =
      switch refusal {
      case .queueFull: 429
      case .closed: 503
      default: 400
      }
    self.init(status, refusal.description)
  }

  /// The kind of error, as OpenAI names it.
  private var type: String {
    switch status {
    case 401: "authentication_error"
    case 429: "rate_limit_error"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }

  /// The body of the answer.
  var json: JSONValue {
    [
      "error": [
        "message": .string(message), "type": .string(type),
        "param": parameter.map { .string($0) } ?? .null, "code": .null,
      ]
    ]
  }

  /// The answer.
  var response: HTTPResponse {
    var response = HTTPResponse(
      status, type: "application/json", json.text(isIndented: false) + "\n")
    if status == 401 { response.headers.append(HTTPHeader("WWW-Authenticate", "Bearer")) }
    if status == 429 { response.headers.append(HTTPHeader("Retry-After", "1")) }
    return response
  }
}
