/// The number formats in which safetensors files store the elements of a tensor.
///
/// The order of the cases is the order of alignment that the format's own library uses: a file
/// stores the tensors of later cases first.
public enum StorageFormat: String, CaseIterable, Sendable, CustomStringConvertible {
  /// One byte, zero or one.
  case bool = "BOOL"
  /// Four-bit floating point.
  case f4 = "F4"
  /// Six-bit floating point, two bits of exponent.
  case f6e2m3 = "F6_E2M3"
  /// Six-bit floating point, three bits of exponent.
  case f6e3m2 = "F6_E3M2"
  /// Unsigned byte.
  case u8 = "U8"
  /// Signed byte.
  case i8 = "I8"
  /// Eight-bit floating point, five bits of exponent.
  case f8e5m2 = "F8_E5M2"
  /// Eight-bit floating point, four bits of exponent.
  case f8e4m3 = "F8_E4M3"
  /// Eight-bit power of two.
  case f8e8m0 = "F8_E8M0"
  /// Eight-bit floating point without negative zero, four bits of exponent.
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  /// Eight-bit floating point without negative zero, five bits of exponent.
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  /// Signed 16-bit integer.
  case i16 = "I16"
  /// Unsigned 16-bit integer.
  case u16 = "U16"
  /// IEEE half precision: five bits of exponent, ten of fraction.
  case f16 = "F16"
  /// Brain floating point: the upper half of single precision.
  case bf16 = "BF16"
  /// Signed 32-bit integer.
  case i32 = "I32"
  /// Unsigned 32-bit integer.
  case u32 = "U32"
  /// IEEE single precision.
  case f32 = "F32"
  /// Complex number of two single-precision parts.
  case c64 = "C64"
  /// IEEE double precision.
  case f64 = "F64"
  /// Signed 64-bit integer.
  case i64 = "I64"
  /// Unsigned 64-bit integer.
  case u64 = "U64"

  /// The bits that one element takes.
  public var bits: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// Whether the elements can be read as a `Tensor` without a scale from elsewhere.
  public var isTensorFormat: Bool { self == .f32 || self == .f16 || self == .bf16 }

  /// The bytes that a shape takes in this format, or `nil` when 64 bits cannot count them.
  ///
  ///     bytes = ∏ shape · bits / 8
  ///
  /// Sizes are multiplied with a check at every step: a file may claim any shape.
  func byteCount(ofShape shape: [Int]) -> Int? {
    var total = 1
    for size in shape + [bits] {
      let (product, overflows) = total.multipliedReportingOverflow(by: size)
      if overflows { return nil }
      total = product
    }
    return total.isMultiple(of: 8) ? total / 8 : nil
  }

  /// The name that the file uses.
  public var description: String { rawValue }
}
