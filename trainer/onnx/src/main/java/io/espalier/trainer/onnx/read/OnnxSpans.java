package io.espalier.trainer.onnx.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.file.TensorSpan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where an ONNX file has the values of its graph's floating initialisers. Reads no more than the
 * lengths of fields, so that graphs of any operators will do.
 */
public final class OnnxSpans {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_FLOATS = 4;
  private static final int TENSOR_WHOLES = 5;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;
  private static final int TENSOR_EXTERNAL = 13;

  private final Path file;
  private final CodedInputStream in;
  private final List<TensorSpan> spans = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private OnnxSpans(Path file, CodedInputStream in) {
    this.file = file;
    this.in = in;
    in.setSizeLimit(Integer.MAX_VALUE);
  }

  /**
   * The initialisers of 32-bit, 16-bit and bfloat16 floats, in file order.
   *
   * @throws MalformedFileException if it is no ONNX model, or a weight of two or more axes is not
   *     one piece of the file
   */
  public static List<TensorSpan> read(Path file) throws IOException {
    if (Files.size(file) > Integer.MAX_VALUE) {
      throw new MalformedFileException(
          file, "an ONNX file must have less than 2 GiB: bytes=" + Files.size(file));
    }
    try (InputStream bytes = Files.newInputStream(file)) {
      return new OnnxSpans(file, CodedInputStream.newInstance(bytes)).model();
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedFileException(file, "a file must be an ONNX model: " + e.getMessage(), e);
    }
  }

  private List<TensorSpan> model() throws IOException {
    boolean hasGraph = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, MODEL_GRAPH)) {
        hasGraph = true;
        int before = in.pushLimit(in.readRawVarint32());
        graph();
        end(before);
      } else {
        in.skipField(tag);
      }
    }
    if (!hasGraph) {
      throw new MalformedFileException(file, "an ONNX file must hold a graph: it has none");
    }
    return spans;
  }

  private void graph() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, GRAPH_INITIALIZER)) {
        int before = in.pushLimit(in.readRawVarint32());
        initializer();
        end(before);
      } else {
        in.skipField(tag);
      }
    }
  }

  /** The end of a message, which that of the file may not come before. */
  private void end(int limitBefore) throws IOException {
    in.checkLastTagWas(0);
    if (in.getBytesUntilLimit() != 0) {
      throw new MalformedFileException(file, "an ONNX file must not end within its graph");
    }
    in.popLimit(limitBefore);
  }

  private void initializer() throws IOException {
    Initializer tensor = new Initializer();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      field(tensor, tag);
    }
    Optional<StoredTensor.Type> type = tensor.floating();
    if (type.isEmpty()) {
      return;
    }
    if (!names.add(tensor.name)) {
      throw new MalformedFileException(
          file, "an initialiser must have a name of its own: name=" + tensor.name);
    }
    if (tensor.isOnePiece(type.get())) {
      spans.add(
          new TensorSpan(tensor.name, type.get(), tensor.dimensions(), tensor.begin, tensor.end));
    } else if (tensor.axes.size() >= 2 && tensor.size() != 0) {
      throw new MalformedFileException(
          file,
          "an initialiser's values must be one piece of the file, as long as its shape says: name=%s, shape=%s, bytes=%d, pieces=%d, elsewhere=%s; save it as one file with raw data"
              .formatted(
                  tensor.name,
                  tensor.axes,
                  tensor.end - tensor.begin,
                  tensor.pieces,
                  tensor.elsewhere));
    }
  }

  private void field(Initializer tensor, int tag) throws IOException {
    boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    switch (WireFormat.getTagFieldNumber(tag)) {
      case TENSOR_DIMS -> dimensions(tensor, packed);
      case TENSOR_TYPE -> tensor.type = in.readInt32();
      case TENSOR_NAME -> tensor.name = in.readStringRequireUtf8();
      case TENSOR_FLOATS, TENSOR_RAW -> {
        tensor.pieces++;
        if (packed) {
          int length = in.readRawVarint32();
          tensor.begin = in.getTotalBytesRead();
          in.skipRawBytes(length);
          tensor.end = in.getTotalBytesRead();
        } else {
          in.skipField(tag);
        }
      }
      case TENSOR_WHOLES, TENSOR_EXTERNAL -> {
        tensor.elsewhere = true;
        in.skipField(tag);
      }
      default -> in.skipField(tag);
    }
  }

  private void dimensions(Initializer tensor, boolean packed) throws IOException {
    if (!packed) {
      tensor.axes.add(in.readInt64());
      return;
    }
    int before = in.pushLimit(in.readRawVarint32());
    while (in.getBytesUntilLimit() > 0) {
      tensor.axes.add(in.readInt64());
    }
    in.popLimit(before);
  }

  private static boolean isMessage(int tag, int field) {
    return WireFormat.getTagFieldNumber(tag) == field
        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** The fields of one initializer that have been read. */
  private static final class Initializer {
    private static final int FLOAT = 1;
    private static final int FLOAT16 = 10;
    private static final int BFLOAT16 = 16;

    private final List<Long> axes = new ArrayList<>();
    private String name = "";
    private int type;
    private long begin;
    private long end;
    private int pieces;
    private boolean elsewhere;

    Optional<StoredTensor.Type> floating() {
      return switch (type) {
        case FLOAT -> Optional.of(StoredTensor.Type.F32);
        case FLOAT16 -> Optional.of(StoredTensor.Type.F16);
        case BFLOAT16 -> Optional.of(StoredTensor.Type.BF16);
        default -> Optional.empty();
      };
    }

    boolean isOnePiece(StoredTensor.Type floats) {
      return pieces == 1 && !elsewhere && end - begin == size() * (floats.bits() / 8);
    }

    /** Values of the shape; -1 if it is none that an array can have. */
    long size() {
      long size = 1;
      for (long axis : axes) {
        size *= Math.max(-1, Math.min(axis, Integer.MAX_VALUE));
        if (size < 0 || size > Integer.MAX_VALUE) {
          return -1;
        }
      }
      return size;
    }

    List<Integer> dimensions() {
      return axes.stream().map(Math::toIntExact).toList();
    }
  }
}
