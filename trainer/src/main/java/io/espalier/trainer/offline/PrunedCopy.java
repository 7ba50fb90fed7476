package io.espalier.trainer.offline;

import io.espalier.masks.Mask;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.TensorSpan;
import io.espalier.trainer.model.ModelFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Copies a file a piece at a time, with +0 where a mask prunes a weight and other values where they
 * change. Not thread-safe.
 */
final class PrunedCopy {
  private static final int PIECE = 1 << 20;

  private final TensorFile file;
  private final FileChannel in;
  private final OutputStream out;
  private final LongConsumer copied;
  private final byte[] bytes = new byte[PIECE];
  private long at;

  private PrunedCopy(TensorFile file, FileChannel in, OutputStream out, LongConsumer copied) {
    this.file = file;
    this.in = in;
    this.out = out;
    this.copied = copied;
  }

  /**
   * Masks and changed values are those of tensors of the file, by name; {@code copied} receives
   * bytes as they go. A model of Espalier says how sparse it is: {@code sparsity}.
   */
  static void write(
      TensorFile file,
      Map<String, Mask> masks,
      Map<String, FloatBuffer> changed,
      double sparsity,
      OutputStream out,
      LongConsumer copied)
      throws IOException {
    try (FileChannel in = FileChannel.open(file.path())) {
      PrunedCopy copy = new PrunedCopy(file, in, out, copied);
      if (file.isModel()) {
        copy.writeHead(sparsity);
      }
      copy.write(masks, changed, in.size());
    }
  }

  private void writeHead(double sparsity) throws IOException {
    out.write(Safetensors.headWith(file.path(), ModelFile.sparsity(sparsity)));
    at = Safetensors.dataBegin(file.path());
    in.position(at);
    copied.accept(at);
  }

  private void write(Map<String, Mask> masks, Map<String, FloatBuffer> changed, long size)
      throws IOException {
    List<TensorSpan> edited =
        file.tensors().stream()
            .filter(span -> masks.containsKey(span.name()) || changed.containsKey(span.name()))
            .sorted(Comparator.comparingLong(TensorSpan::begin))
            .toList();
    for (TensorSpan span : edited) {
      copyTo(span.begin());
      edit(
          span,
          Optional.ofNullable(masks.get(span.name())),
          Optional.ofNullable(changed.get(span.name())));
    }
    copyTo(size);
  }

  private void copyTo(long end) throws IOException {
    while (at < end) {
      emit(read(end));
    }
  }

  private void edit(TensorSpan span, Optional<Mask> mask, Optional<FloatBuffer> changed)
      throws IOException {
    int width = span.type().bits() / 8;
    int unit = 0;
    while (at < span.end()) {
      int length = read(span.end());
      int first = unit;
      changed.ifPresent(
          values ->
              TensorValues.put(span, values.slice(first, length / width), ByteBuffer.wrap(bytes)));
      mask.ifPresent(kept -> clear(kept, first, length / width, width));
      unit += length / width;
      emit(length);
    }
  }

  /** Clears the pruned ones of {@code count} values; {@code first} is a multiple of 64. */
  private void clear(Mask mask, int first, int count, int width) {
    for (int from = 0; from < count; from += 64) {
      int most = Math.min(64, count - from);
      long pruned = ~mask.word((first + from) >> 6) & (-1L >>> (64 - most));
      for (; pruned != 0; pruned &= pruned - 1) {
        int value = (from + Long.numberOfTrailingZeros(pruned)) * width;
        for (int i = value; i < value + width; i++) {
          bytes[i] = 0;
        }
      }
    }
  }

  private int read(long end) throws IOException {
    ByteBuffer piece = ByteBuffer.wrap(bytes, 0, (int) Math.min(PIECE, end - at));
    while (piece.hasRemaining()) {
      if (in.read(piece) < 0) {
        throw new MalformedFileException(file.path(), "must not end while it is read");
      }
    }
    return piece.position();
  }

  private void emit(int length) throws IOException {
    out.write(bytes, 0, length);
    at += length;
    copied.accept(length);
  }
}
