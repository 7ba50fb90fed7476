package io.espalier.training.transport;

import io.aeron.ExclusivePublication;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The transfers of one end of a sealed lane. Confined to the transfer thread. */
final class SealedLane {
  private final long lane;
  private final TransferId incarnation;
  private final SealedFrame frames;
  private final ExclusivePublication publication;
  private final IncomingTransfers incoming = new IncomingTransfers();
  private final Queue<Outgoing> outgoing = new ArrayDeque<>();
  private final byte[] plain;
  private final byte[] sealed;
  private final UnsafeBuffer sealedView;
  private final UnsafeBuffer plainView;
  private long sentNumber;
  private long takenNumber;
  private int takenIndex = -1;

  /** An outgoing transfer; {@code pending} bytes of its next frame are sealed already. */
  private static final class Outgoing {
    private final TransferId id;
    private final ByteBuffer bytes;
    private final CompletableFuture<Void> done;
    private int index;
    private int offset;
    private int pending;

    Outgoing(TransferId id, ByteBuffer bytes, CompletableFuture<Void> done) {
      this.id = id;
      this.bytes = bytes;
      this.done = done;
    }
  }

  /** The lane is for the incarnation of {@code incarnation}, whose number does not matter. */
  SealedLane(LaneKey key, TransferId incarnation, ExclusivePublication publication) {
    this.lane = key.lane();
    this.incarnation = incarnation;
    this.frames = new SealedFrame(key.key());
    this.publication = publication;
    int room = publication.maxPayloadLength();
    this.plain = new byte[room];
    this.sealed = new byte[room];
    this.plainView = new UnsafeBuffer(plain);
    this.sealedView = new UnsafeBuffer(sealed);
  }

  IncomingTransfers incoming() {
    return incoming;
  }

  /** Queues a transfer; its number must be larger than that of the one before. */
  void send(TransferId id, ByteBuffer bytes, CompletableFuture<Void> done) {
    if (!isOfThisIncarnation(id) || id.number() <= sentNumber) {
      done.completeExceptionally(
          new IllegalStateException(
              "a lane's transfers must be of its incarnation and rise: transfer=%s, last=%d"
                  .formatted(id, sentNumber)));
      return;
    }
    sentNumber = id.number();
    outgoing.add(new Outgoing(id, bytes, done));
  }

  boolean hasOutgoing() {
    return !outgoing.isEmpty();
  }

  /** Offers the next frame. A frame that is not taken is offered again as it is. */
  long offerNext() {
    Outgoing transfer = outgoing.element();
    if (transfer.pending == 0) {
      sealNext(transfer);
    }
    long position = publication.offer(sealedView, 0, transfer.pending);
    if (position >= 0) {
      transfer.pending = 0;
      transfer.index++;
      if (transfer.offset >= transfer.bytes.remaining()) {
        outgoing.remove();
        transfer.done.complete(null);
      }
    } else if (!AeronAgent.isTemporary(position)) {
      outgoing.remove();
      transfer.done.completeExceptionally(AeronAgent.refusal(position));
    }
    return position;
  }

  private void sealNext(Outgoing transfer) {
    int room = plain.length - SealedFrame.OVERHEAD_BYTES - TransferFrame.HEADER_BYTES;
    int count = Math.min(room, transfer.bytes.remaining() - transfer.offset);
    TransferFrame.putHeader(plainView, transfer.id, transfer.bytes.remaining(), transfer.offset);
    plainView.putBytes(
        TransferFrame.HEADER_BYTES,
        transfer.bytes,
        transfer.bytes.position() + transfer.offset,
        count);
    transfer.pending =
        frames.seal(
            new SealedFrame.Header(
                transfer.id.direction(), lane, transfer.id.number(), transfer.index),
            plain,
            TransferFrame.HEADER_BYTES + count,
            sealed);
    transfer.offset += count;
  }

  /**
   * Takes in one frame.
   *
   * @throws GeneralSecurityException if the frame is forged, altered, or a repetition
   */
  void onFrame(SealedFrame.Header head, DirectBuffer frame, int at, int length)
      throws GeneralSecurityException {
    if (!head.isAfter(takenNumber, takenIndex) || length > sealed.length) {
      throw new GeneralSecurityException("a frame must follow the one before it: " + head);
    }
    byte[] copy = new byte[length];
    frame.getBytes(at, copy);
    byte[] opened = new byte[length];
    int count = frames.open(head, copy, length, opened);
    UnsafeBuffer inner = new UnsafeBuffer(opened, 0, count);
    TransferId id = TransferFrame.id(inner, 0);
    if (!isOfThisIncarnation(id)
        || id.number() != head.number()
        || id.direction() != head.direction()) {
      throw new GeneralSecurityException("a frame must be of its lane's incarnation: " + id);
    }
    takenNumber = head.number();
    takenIndex = head.index();
    incoming.onFrame(inner, 0, count);
  }

  private boolean isOfThisIncarnation(TransferId id) {
    return id.term() == incarnation.term()
        && id.trainer() == incarnation.trainer()
        && id.incarnation() == incarnation.incarnation();
  }

  void fail(Throwable cause) {
    outgoing.forEach(transfer -> transfer.done.completeExceptionally(cause));
    outgoing.clear();
    incoming.fail(cause);
  }
}
