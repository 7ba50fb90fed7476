package io.espalier.trainer.file;

import io.espalier.configs.file.AtomicFile;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The content of a safetensors file (Hugging Face, format version 0.4).
 *
 * <pre>
 *  0                       8                    8 + n
 *  +-----------------------+----------------------+---------------------
 *  | n, little-endian      | JSON, padded with    | tensors one after
 *  | 64-bit                | spaces so that 8 | n | another, no gaps
 *  +-----------------------+----------------------+---------------------
 * </pre>
 *
 * The JSON names each tensor's {@code dtype}, {@code shape} and {@code data_offsets} (begin and
 * end, counted from the first tensor), and holds text under {@code __metadata__}. Offsets must be
 * in bounds and cover the file without gap or overlap.
 *
 * @param tensors by name, in the order of their bytes in the file
 * @param metadata free text by name
 */
public record Safetensors(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
  private static final long MAX_HEADER_BYTES = 16L << 20;

  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  public Optional<StoredTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Writes tensors in the order of the map; the file appears whole or not at all. */
  public static void write(
      Path path, Map<String, StoredTensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = SafetensorsHeader.toJson(tensors, metadata);
    if (header.length > MAX_HEADER_BYTES) {
      throw new MalformedFileException(
          path, "a header must have at most 16777216 bytes: bytes=" + header.length);
    }
    AtomicFile.write(
        path,
        out -> {
          out.write(littleEndian(header.length));
          out.write(header);
          for (StoredTensor tensor : tensors.values()) {
            tensor.writeTo(out);
          }
        });
  }

  public static Safetensors read(Path path) throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = read(path, tensors::put);
    return new Safetensors(tensors, metadata);
  }

  /** Checks the header and returns its metadata. */
  public static Map<String, String> readMetadata(Path path) throws IOException {
    try (DataInputStream in = open(path)) {
      return header(path, in).metadata();
    }
  }

  /** Checks the header and returns where the tensors are, in file order. */
  public static List<TensorSpan> readSpans(Path path) throws IOException {
    try (DataInputStream in = open(path)) {
      SafetensorsHeader header = header(path, in);
      long first = dataBegin(path);
      return header.entries().stream()
          .map(
              each ->
                  new TensorSpan(
                      each.name(),
                      each.type(),
                      each.dimensions(),
                      first + each.begin(),
                      first + each.end()))
          .toList();
    }
  }

  /**
   * The bytes before the first tensor, with other texts in their place or behind those that are
   * there.
   */
  public static byte[] headWith(Path path, Map<String, String> texts) throws IOException {
    try (DataInputStream in = open(path)) {
      byte[] json = SafetensorsHeader.withTexts(headerBytes(path, in), texts);
      return ByteBuffer.allocate(8 + json.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(json.length)
          .put(json)
          .array();
    }
  }

  /** The place of the first tensor in a file. */
  public static long dataBegin(Path path) throws IOException {
    try (DataInputStream in = open(path)) {
      return 8L + headerBytes(path, in).length;
    }
  }

  /** Reads one tensor after the other, in file order, and returns the metadata. */
  public static Map<String, String> read(Path path, BiConsumer<String, StoredTensor> each)
      throws IOException {
    try (DataInputStream in = open(path)) {
      SafetensorsHeader header = header(path, in);
      for (SafetensorsHeader.Entry entry : header.entries()) {
        byte[] bytes = new byte[(int) (entry.end() - entry.begin())];
        in.readFully(bytes);
        each.accept(
            entry.name(),
            StoredTensor.owning(entry.type(), entry.dimensions(), ByteBuffer.wrap(bytes)));
      }
      return header.metadata();
    } catch (EOFException e) {
      throw new MalformedFileException(path, "must not end while it is read", e);
    }
  }

  /** Refuses pipes and devices, which may have no end. */
  private static DataInputStream open(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new MalformedFileException(path, "must be a regular file, or a link to one");
    }
    return new DataInputStream(Files.newInputStream(path));
  }

  private static SafetensorsHeader header(Path path, DataInputStream in) throws IOException {
    byte[] json = headerBytes(path, in);
    return SafetensorsHeader.parse(path, json, Files.size(path) - 8 - json.length);
  }

  private static byte[] headerBytes(Path path, DataInputStream in) throws IOException {
    long length = Files.size(path);
    if (length < 8) {
      throw new MalformedFileException(path, "must have 8 bytes or more: bytes=" + length);
    }
    long headerLength = Long.reverseBytes(in.readLong());
    if (headerLength < 2 || headerLength > Math.min(length - 8, MAX_HEADER_BYTES)) {
      throw new MalformedFileException(
          path,
          "a header must lie within the file and have at most %d bytes: header=%s, file=%d"
              .formatted(MAX_HEADER_BYTES, Long.toUnsignedString(headerLength), length));
    }
    byte[] json = new byte[(int) headerLength];
    in.readFully(json);
    return json;
  }

  private static byte[] littleEndian(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }
}
