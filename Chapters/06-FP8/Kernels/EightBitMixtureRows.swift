import Checkpoints
import Tensors

extension BlockScaled {
  /// Decodes some rows.
  func rows(at places: some Collection<Int>) -> Tensor {
    format == .e4m3 ? rows(E4M3Codes.self, at: places) : rows(E5M2Codes.self, at: places)
  }

  private func rows<Codes: SixteenCodes>(_: Codes.Type, at places: some Collection<Int>)
    -> Tensor
  {
    insist(
      group.columns > 1 && Codes.largest == Float(format.largest),
      "rows: \(format) in \(group) cannot be decoded row by row")
    let (width, across) = (columns, scales.columns)
    let result = Tensor(uninitialized: [places.count, width])
    for (row, place) in places.enumerated() {
      let (source, out) = (codes.address + place * width, result.fresh + row * width)
      let scales = scales.address + place / group.rows * across
      for (index, start) in stride(from: 0, to: width, by: group.columns).enumerated() {
        let scale = SmallFloat.Lanes(repeating: scales[index])
        CodesRun<Codes>.decode(
          min(group.columns, width - start), source + start, into: out + start
        ) {
          _ in scale
        }
      }
    }
    withExtendedLifetime(self) {}
    return result
  }
}
