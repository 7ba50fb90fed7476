package io.espalier.trainer.file;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The sparse form of a safetensors file: of each tensor that takes fewer bytes so, only the values
 * that are not 0, and a packed mask of where they are.
 *
 * <pre>
 *  dense file          sparse file
 *  w  F32 [a, b]  →    w.values  F32 [kept]              row-major, kept = bits that are 1
 *                      w.mask    U8  [ceil(a · b / 8)]   behind all other tensors
 *  x  any         →    x         as it was
 *
 *  w.mask:  byte 0                byte 1
 *  bit      7 6 5 4 3 2 1 0       7 6 5 4 …     (7 is the most significant)
 *  unit     7 6 5 4 3 2 1 0      15 14 13 …     1 = has a value, 0 = is +0; past the end 0
 * </pre>
 *
 * Metadata: {@code format} is {@link #FORMAT}, {@code sparse.denseFormat} what the dense file had
 * there, {@code sparse.shapes} the axes by name (JSON) of the tensors that are stored so, in file
 * order; all else is that of the dense file, which has none of these two. Sparse are F32 tensors of
 * two or more axes for which {@code 4 · kept + ceil(units / 8) < 4 · units}. Unpacking gives the
 * dense file back, bit for bit.
 */
public final class SparseFile {
  public static final String FORMAT = "espalier-sparse-1";

  private static final String DENSE_FORMAT = "sparse.denseFormat";
  private static final String SHAPES = "sparse.shapes";
  private static final String VALUES = ".values";
  private static final String MASK = ".mask";

  private SparseFile() {}

  public static boolean isSparse(Safetensors file) {
    return Metadata.of(file.metadata()).hasFormat(FORMAT);
  }

  /**
   * The tensors of a dense or sparse file as they are stored.
   *
   * @param tensors in the order of the dense file
   * @param metadata of the dense file
   */
  public record Content(Map<String, KeptTensor> tensors, Map<String, String> metadata) {
    public Content {
      tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
      metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    private Safetensors dense() {
      Map<String, StoredTensor> dense = new LinkedHashMap<>();
      tensors.forEach((name, tensor) -> dense.put(name, tensor.dense()));
      return new Safetensors(dense, metadata);
    }
  }

  /** Reads a file in either form and unpacks nothing. */
  public static Content read(Path path) throws IOException {
    Safetensors file = Safetensors.read(path);
    if (isSparse(file)) {
      return content(path, file);
    }
    Map<String, KeptTensor> tensors = new LinkedHashMap<>();
    file.tensors().forEach((name, tensor) -> tensors.put(name, KeptTensor.whole(tensor)));
    return new Content(tensors, file.metadata());
  }

  public static Safetensors readDense(Path path) throws IOException {
    Safetensors file = Safetensors.read(path);
    return isSparse(file) ? unpacked(path, file) : file;
  }

  public static Safetensors packed(Path path, Safetensors dense) throws MalformedFileException {
    for (String key : List.of(DENSE_FORMAT, SHAPES)) {
      if (dense.metadata().containsKey(key)) {
        throw new MalformedFileException(
            path, "a dense file must not have metadata of the sparse form: key=" + key);
      }
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, StoredTensor> masks = new LinkedHashMap<>();
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    dense
        .tensors()
        .forEach(
            (name, tensor) -> {
              KeptTensor kept =
                  (isFree(dense, name)
                          ? KeptTensor.ifSmaller(tensor)
                          : Optional.<KeptTensor>empty())
                      .orElseGet(() -> KeptTensor.whole(tensor));
              tensors.put(kept.isWhole() ? name : name + VALUES, kept.storedValues());
              kept.storedMask()
                  .ifPresent(
                      mask -> {
                        masks.put(name + MASK, mask);
                        shapes.put(name, tensor.dimensions());
                      });
            });
    tensors.putAll(masks);
    return new Safetensors(tensors, metadata(dense, shapes));
  }

  public static Safetensors unpacked(Path path, Safetensors sparse) throws MalformedFileException {
    return content(path, sparse).dense();
  }

  private static Content content(Path path, Safetensors sparse) throws MalformedFileException {
    try {
      Map<String, StoredTensor> rest = new LinkedHashMap<>(sparse.tensors());
      Map<String, KeptTensor> restored = new LinkedHashMap<>();
      shapes(sparse).forEach((name, shape) -> restored.put(name, restored(name, shape, rest)));
      Map<String, KeptTensor> tensors = new LinkedHashMap<>();
      for (String stored : sparse.tensors().keySet()) {
        StoredTensor whole = rest.get(stored);
        if (whole != null) {
          tensors.put(stored, KeptTensor.whole(whole));
        } else if (stored.endsWith(VALUES)) {
          String name = stored.substring(0, stored.length() - VALUES.length());
          tensors.put(name, Objects.requireNonNull(restored.get(name)));
        }
      }
      return new Content(tensors, denseMetadata(sparse));
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static KeptTensor restored(
      String name, List<Integer> shape, Map<String, StoredTensor> rest) {
    StoredTensor values = rest.remove(name + VALUES);
    StoredTensor mask = rest.remove(name + MASK);
    if (values == null || mask == null || rest.containsKey(name)) {
      throw new IllegalArgumentException(
          "a sparse tensor must be stored as its values and its mask, and only so: tensor=%s, values=%s, mask=%s, dense=%s"
              .formatted(name, values != null, mask != null, rest.containsKey(name)));
    }
    return KeptTensor.of(name, shape, values, mask);
  }

  /** Number of values that a sparse file stores of a tensor; empty if the tensor is dense. */
  public static Optional<Integer> storedValues(Safetensors sparse, String name) {
    return sparse.tensor(name).isPresent()
        ? Optional.empty()
        : sparse.tensor(name + VALUES).map(StoredTensor::size);
  }

  private static boolean isFree(Safetensors dense, String name) {
    return dense.tensor(name + VALUES).isEmpty() && dense.tensor(name + MASK).isEmpty();
  }

  private static Map<String, List<Integer>> shapes(Safetensors sparse) {
    Map<String, List<Integer>> shapes =
        Metadata.of(sparse.metadata())
            .json(SHAPES, new TypeReference<LinkedHashMap<String, List<Integer>>>() {});
    shapes.forEach(
        (name, shape) -> {
          if (shape == null || shape.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                "a shape must be a list of lengths: tensor=%s, shape=%s".formatted(name, shape));
          }
        });
    return shapes;
  }

  private static Map<String, String> metadata(
      Safetensors dense, Map<String, List<Integer>> shapes) {
    Map<String, String> texts = new LinkedHashMap<>(dense.metadata());
    Optional.ofNullable(texts.put(Metadata.FORMAT, FORMAT))
        .ifPresent(format -> texts.put(DENSE_FORMAT, format));
    return Metadata.of(texts).putJson(SHAPES, shapes).texts();
  }

  private static Map<String, String> denseMetadata(Safetensors sparse) {
    Map<String, String> texts = new LinkedHashMap<>(sparse.metadata());
    texts.remove(SHAPES);
    String format = texts.remove(DENSE_FORMAT);
    if (format == null) {
      texts.remove(Metadata.FORMAT);
    } else {
      texts.put(Metadata.FORMAT, format);
    }
    return texts;
  }
}
