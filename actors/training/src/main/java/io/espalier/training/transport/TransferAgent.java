package io.espalier.training.transport;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;

/** The transfers within one process. */
final class TransferAgent extends AeronAgent {
  private final ExclusivePublication publication;
  private final Subscription subscription;
  private final Queue<OutgoingTransfer> outgoing = new ArrayDeque<>();
  private final IncomingTransfers incoming = new IncomingTransfers();
  private final FragmentHandler onFrame =
      (frame, at, length, header) -> incoming.onFrame(frame, at, length);
  private final UnsafeBuffer scratch;

  TransferAgent(ExclusivePublication publication, Subscription subscription) {
    this.publication = publication;
    this.subscription = subscription;
    this.scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(publication.maxPayloadLength()));
  }

  @Override
  public String roleName() {
    return "espalier-transfers";
  }

  @Override
  int transferFrames() {
    return offerFrames() + subscription.poll(onFrame, FRAMES_PER_TURN);
  }

  @Override
  void onError(Throwable error) {
    incoming.fail(error);
  }

  @Override
  void close(Throwable cause) {
    outgoing.forEach(transfer -> transfer.done().completeExceptionally(cause));
    incoming.fail(cause);
    publication.close();
    subscription.close();
  }

  void send(OutgoingTransfer transfer) {
    outgoing.add(transfer);
  }

  IncomingTransfers incoming() {
    return incoming;
  }

  private int offerFrames() {
    int frames = 0;
    while (!outgoing.isEmpty() && frames < FRAMES_PER_TURN) {
      OutgoingTransfer transfer = outgoing.element();
      long position = transfer.offerNext(publication, scratch);
      if (isRefusedForNow(position)) {
        return frames;
      }
      frames++;
      if (position < 0) {
        outgoing.remove();
        transfer.done().completeExceptionally(refusal(position));
      } else if (transfer.isSent()) {
        outgoing.remove();
        transfer.done().complete(null);
      }
    }
    return frames;
  }
}
