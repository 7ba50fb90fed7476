package io.espalier.trainer.offline;

import io.espalier.masks.Mask;
import io.espalier.trainer.file.MalformedFileException;
import io.espalier.trainer.file.Safetensors;
import io.espalier.trainer.file.TensorSpan;
import io.espalier.trainer.model.ModelFile;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
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
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle SHORTS = view(short[].class);

  private final TensorFile file;
  private final FileChannel in;
  private final OutputStream out;
  private final LongConsumer copied;
  private final byte[] bytes = new byte[PIECE];

  /** 64 values as they were. */
  private final byte[] block = new byte[64 * Float.BYTES];

  private long at;

  private PrunedCopy(TensorFile file, FileChannel in, OutputStream out, LongConsumer copied) {
    this.file = file;
    this.in = in;
    this.out = out;
    this.copied = copied;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.nativeOrder());
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
      int length = Math.min(64, count - from) * width;
      System.arraycopy(bytes, from * width, block, 0, length);
      Arrays.fill(bytes, from * width, from * width + length, (byte) 0);
      for (long rest = mask.word((first + from) >> 6); rest != 0; rest &= rest - 1) {
        restore(from * width, Long.numberOfTrailingZeros(rest) * width, width);
      }
    }
  }

  private void restore(int blockBegin, int value, int width) {
    if (width == Integer.BYTES) {
      INTS.set(bytes, blockBegin + value, (int) INTS.get(block, value));
    } else {
      SHORTS.set(bytes, blockBegin + value, (short) SHORTS.get(block, value));
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
