package io.espalier.trainer.offline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tensors one after the other, each read by a thread of its own while the caller works on the one
 * before: two are in memory, used again for tensors of the same size. For one caller.
 */
final class TensorReadAhead implements AutoCloseable {
  private final List<PrunableTensor> tensors;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(TensorReadAhead::daemon);

  /** Used by the reading thread only. */
  private final TensorValues values = new TensorValues();

  /** Tensors that were read before, of which all values are finite; of the reading thread. */
  private final BitSet known = new BitSet();

  private Optional<Ahead> ahead = Optional.empty();
  private float[] given = new float[0];

  private record Ahead(int tensor, Future<float[]> values) {}

  TensorReadAhead(List<PrunableTensor> tensors) {
    this.tensors = List.copyOf(tensors);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "tensor-read-ahead");
    thread.setDaemon(true);
    return thread;
  }

  /** The values of a tensor until the next call; an {@link IOException} is unchecked. */
  float[] read(int tensor) {
    float[] free = given;
    Ahead read = ahead.filter(each -> each.tensor() == tensor).orElseGet(() -> begin(tensor, free));
    given = result(read.values());
    ahead =
        tensor + 1 < tensors.size()
            ? Optional.of(begin(tensor + 1, given == free ? new float[0] : free))
            : Optional.empty();
    return given;
  }

  private Ahead begin(int tensor, float[] room) {
    return new Ahead(tensor, thread.submit(() -> readNow(tensor, room)));
  }

  private float[] readNow(int tensor, float[] room) throws IOException {
    float[] read = values.read(tensors.get(tensor), room, known.get(tensor));
    known.set(tensor);
    return read;
  }

  private static float[] result(Future<float[]> read) {
    try {
      return read.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a tensor must be read without interruption", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw new UncheckedIOException(failed);
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      if (e.getCause() instanceof Error failed) {
        throw failed;
      }
      throw new IllegalStateException("a tensor must be read", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
