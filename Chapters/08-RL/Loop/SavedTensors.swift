import Attention
import Checkpoints
import Foundation
import Tensors

extension SafetensorsFile {
  /// All tensors of a file, by name.
  package static func tensors(at file: URL) throws -> [String: Tensor] {
    let stored = try SafetensorsFile(at: file)
    var tensors: [String: Tensor] = [:]
    for entry in stored.entries { tensors[entry.name] = try stored.tensor(entry.name) }
    return tensors
  }
}

extension Module {
  /// Takes over the weights of a file that holds them under their names.
  ///
  /// A file that lacks one changes nothing.
  package func restore(from file: URL) throws {
    let saved = try SafetensorsFile.tensors(at: file)
    let values = try namedParameters.map { name, parameter in
      guard let value = saved[name], value.shape == parameter.shape else {
        throw TrainingError.cannotResume(
          file: file.path, rule: "it lacks the weight \(name) in the shape \(parameter.shape)")
      }
      return value
    }
    for (entry, value) in zip(namedParameters, values) { entry.parameter.value = value }
  }
}
