package io.espalier.training.transport;

import io.aeron.ExclusivePublication;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;

/** An outgoing transfer. Confined to the transfer thread. */
final class OutgoingTransfer {
  private final TransferId id;
  private final ByteBuffer bytes;
  private final CompletableFuture<Void> done;
  private int offset;

  OutgoingTransfer(TransferId id, ByteBuffer bytes, CompletableFuture<Void> done) {
    this.id = id;
    this.bytes = bytes;
    this.done = done;
  }

  CompletableFuture<Void> done() {
    return done;
  }

  /** Whether all frames are out; an empty transfer still has one frame. */
  boolean isSent() {
    return offset > 0 && offset >= bytes.remaining();
  }

  /** Offers the next frame, built in {@code scratch}; returns its position, or an error. */
  long offerNext(ExclusivePublication publication, UnsafeBuffer scratch) {
    int room = publication.maxPayloadLength() - TransferFrame.HEADER_BYTES;
    int count = Math.min(room, bytes.remaining() - offset);
    TransferFrame.putHeader(scratch, id, bytes.remaining(), offset);
    scratch.putBytes(TransferFrame.HEADER_BYTES, bytes, bytes.position() + offset, count);
    long position = publication.offer(scratch, 0, TransferFrame.HEADER_BYTES + count);
    if (position >= 0) {
      offset += Math.max(count, 1);
    }
    return position;
  }
}
