package io.espalier.trainer.onnx.read;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.espalier.masks.federated.HalfPrecision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

final class TensorReader {
  private final TensorProto tensor;
  private final Unfolding unfolding;
  private final List<Integer> dimensions;
  private final int size;

  private TensorReader(TensorProto tensor, Unfolding unfolding) {
    this.tensor = tensor;
    this.unfolding = unfolding;
    this.dimensions = tensor.getDimsList().stream().map(TensorReader::length).toList();
    this.size = OnnxConstant.size(dimensions);
  }

  static OnnxConstant read(TensorProto tensor, Unfolding unfolding) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0) {
      throw new GraphException(
          "values must be in the file itself, not in another; save it as one file");
    }
    return new TensorReader(tensor, unfolding).read();
  }

  private OnnxConstant read() {
    DataType type =
        Optional.ofNullable(DataType.forNumber(tensor.getDataType())).orElse(DataType.UNDEFINED);
    return switch (type) {
      case FLOAT ->
          floats(4, tensor.getFloatDataCount(), ByteBuffer::getFloat, tensor::getFloatData);
      case DOUBLE ->
          floats(
              8,
              tensor.getDoubleDataCount(),
              bytes -> (float) bytes.getDouble(),
              i -> (float) tensor.getDoubleData(i));
      case FLOAT16 ->
          floats(
              2,
              tensor.getInt32DataCount(),
              bytes -> HalfPrecision.toFloat(bytes.getShort()),
              i -> HalfPrecision.toFloat((short) tensor.getInt32Data(i)));
      case BFLOAT16 ->
          floats(
              2,
              tensor.getInt32DataCount(),
              bytes -> Float.intBitsToFloat(bytes.getShort() << 16),
              i -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16));
      case INT64 ->
          wholes(8, tensor.getInt64DataCount(), ByteBuffer::getLong, tensor::getInt64Data);
      case INT32 ->
          wholes(
              4,
              tensor.getInt32DataCount(),
              bytes -> (long) bytes.getInt(),
              i -> (long) tensor.getInt32Data(i));
      case BOOL ->
          wholes(
              1,
              tensor.getInt32DataCount(),
              bytes -> (long) bytes.get(),
              i -> (long) tensor.getInt32Data(i));
      default ->
          throw new GraphException(
              "values must be floats or whole numbers: type="
                  + (type == DataType.UNDEFINED ? tensor.getDataType() : type));
    };
  }

  private interface Next<T> {
    T from(ByteBuffer bytes);
  }

  private OnnxConstant floats(
      int bytesEach, int listed, Next<Float> next, IntFunction<Float> list) {
    Optional<ByteBuffer> raw = raw(bytesEach, listed);
    unfolding.keep((long) size * Float.BYTES);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = raw.isPresent() ? next.from(raw.get()) : list.apply(i);
    }
    return OnnxConstant.ofFloats(dimensions, values);
  }

  private OnnxConstant wholes(int bytesEach, int listed, Next<Long> next, IntFunction<Long> list) {
    Optional<ByteBuffer> raw = raw(bytesEach, listed);
    unfolding.keep((long) size * Long.BYTES);
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = raw.isPresent() ? next.from(raw.get()) : list.apply(i);
    }
    return OnnxConstant.ofWholes(dimensions, values);
  }

  /** The values as bytes, unless they are listed; checks that they fill the shape. */
  private Optional<ByteBuffer> raw(int bytesEach, int listed) {
    long bytes = tensor.getRawData().size();
    boolean isRaw = listed == 0 && (bytes > 0 || size == 0);
    long found = isRaw ? bytes : (long) listed * bytesEach;
    if (found != (long) size * bytesEach) {
      throw new GraphException(
          "a tensor must have as many values as its shape says: shape=%s, bytes=%d, expected=%d"
              .formatted(dimensions, found, (long) size * bytesEach));
    }
    return isRaw
        ? Optional.of(tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN))
        : Optional.empty();
  }

  private static int length(long length) {
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new GraphException("a shape must have lengths from 0 to 2147483647: length=" + length);
    }
    return (int) length;
  }
}
