import Tensors

/// Products with weights that are laid out once and then used for every token of a rollout.
///
/// The same numbers as `SinglePrecision`; that one lays a weight out anew for each product
/// unless a tape records, which is right for a model that reads one text.
struct PackedProducts: MatrixProduct {
  /// Multiplies rows by the transposed weight of each map and adds its bias, if it has one.
  /// - Shape: x [rows…, in], weight [out, in], bias [out] → [rows…, out] for each map
  func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] {
    insist(!x.tape.isRecording, "PackedProducts: these products cannot be differentiated")
    return maps.map { map in
      var y = x.value.rowsMatmul(map.weight.packed(.right))
        .reshaped(to: x.shape.dropLast() + [map.weight.shape[0]])
      if let bias = map.bias { y.addToRows(bias.value) }
      return x.tape.constant(y)
    }
  }
}
