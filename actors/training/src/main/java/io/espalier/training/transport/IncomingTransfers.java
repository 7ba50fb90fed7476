package io.espalier.training.transport;

import io.espalier.trainer.state.ReusedMemory;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.DirectBuffer;

/** Assembles transfers from frames. Confined to the transfer thread, but for {@link #release}. */
final class IncomingTransfers {
  private final Queue<ByteBuffer> released = new ConcurrentLinkedQueue<>();
  private final Map<TransferId, Incoming> incoming = new HashMap<>();
  private final Map<TransferId.End, TransferId> newest = new HashMap<>();

  private static final class Incoming {
    private Optional<CompletableFuture<ByteBuffer>> receiver = Optional.empty();
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private boolean begun;
    private boolean complete;
  }

  /** Completes {@code receiver} with the bytes of {@code id} once all have arrived. */
  public void claim(TransferId id, CompletableFuture<ByteBuffer> receiver) {
    if (isSuperseded(id)) {
      receiver.completeExceptionally(
          new IllegalStateException(
              "the sender has a new incarnation, its transfer is void: " + id));
      return;
    }
    Incoming transfer = entry(id);
    transfer.receiver = Optional.of(receiver);
    deliver(id, transfer);
  }

  /** Adds a frame; an invalid one fails the receiver of its transfer. */
  public void onFrame(DirectBuffer frame, int at, int length) {
    TransferId id = TransferFrame.id(frame, at);
    if (isSuperseded(id)) {
      return;
    }
    Incoming transfer = entry(id);
    try {
      put(id, transfer, frame, at, length);
    } catch (RuntimeException | OutOfMemoryError e) {
      incoming.remove(id);
      transfer.receiver.ifPresent(receiver -> receiver.completeExceptionally(e));
    }
  }

  private void put(TransferId id, Incoming transfer, DirectBuffer frame, int at, int length) {
    int total = TransferFrame.totalLength(frame, at);
    if (!transfer.begun) {
      transfer.bytes = room(total);
      transfer.begun = true;
    }
    int offset = TransferFrame.offset(frame, at);
    if (offset != transfer.bytes.position() || total != transfer.bytes.limit()) {
      throw new IllegalStateException(
          "frames must arrive in order: transfer=%s expected offset=%d found=%d"
              .formatted(id, transfer.bytes.position(), offset));
    }
    frame.getBytes(
        at + TransferFrame.HEADER_BYTES, transfer.bytes, length - TransferFrame.HEADER_BYTES);
    if (!transfer.bytes.hasRemaining()) {
      transfer.complete = true;
      transfer.bytes.flip();
      deliver(id, transfer);
    }
  }

  /** Takes back the bytes of a received transfer. Thread-safe. */
  void release(ByteBuffer received) {
    released.add(received);
  }

  /** Memory that was given back, if that fits; what does not fit any more is let go. */
  private ByteBuffer room(int bytes) {
    for (ByteBuffer old = released.poll(); old != null; old = released.poll()) {
      if (ReusedMemory.fits(old, bytes)) {
        return old.clear().limit(bytes);
      }
    }
    return ReusedMemory.allocate(bytes).limit(bytes);
  }

  public void fail(Throwable cause) {
    incoming
        .values()
        .forEach(
            transfer ->
                transfer.receiver.ifPresent(receiver -> receiver.completeExceptionally(cause)));
    incoming.clear();
  }

  private boolean isSuperseded(TransferId id) {
    TransferId known = newest.get(id.end());
    return known != null && id.isSupersededBy(known);
  }

  private Incoming entry(TransferId id) {
    Incoming known = incoming.get(id);
    if (known != null) {
      return known;
    }
    newest.put(id.end(), id);
    incoming.keySet().removeIf(old -> old.isSupersededBy(id));
    Incoming fresh = new Incoming();
    incoming.put(id, fresh);
    return fresh;
  }

  private void deliver(TransferId id, Incoming transfer) {
    if (transfer.complete && transfer.receiver.isPresent()) {
      incoming.remove(id);
      transfer.receiver.get().complete(transfer.bytes);
    }
  }
}
