package io.espalier.training.transport;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/** The one thread that touches Aeron: offers what is to go out, polls what comes in. */
final class TransferAgent implements Agent {
  private static final int FRAMES_PER_TURN = 64;

  private final ExclusivePublication publication;
  private final Subscription subscription;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final Queue<OutgoingTransfer> outgoing = new ArrayDeque<>();
  private final IncomingTransfers incoming = new IncomingTransfers();
  private final FragmentHandler onFrame;
  private final UnsafeBuffer scratch;
  private final AtomicLong backPressure = new AtomicLong();
  private boolean closed;

  TransferAgent(ExclusivePublication publication, Subscription subscription) {
    this.publication = publication;
    this.subscription = subscription;
    this.scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(publication.maxPayloadLength()));
    this.onFrame = (frame, at, length, header) -> incoming.onFrame(frame, at, length);
  }

  @Override
  public int doWork() {
    return runCommands() + offerFrames() + subscription.poll(onFrame, FRAMES_PER_TURN);
  }

  @Override
  public String roleName() {
    return "espalier-transfers";
  }

  @Override
  public synchronized void onClose() {
    closed = true;
    runCommands();
    IllegalStateException closed = new IllegalStateException("the transport was closed");
    outgoing.forEach(transfer -> transfer.done().completeExceptionally(closed));
    incoming.fail(closed);
    publication.close();
    subscription.close();
  }

  /**
   * Runs {@code command} in the transfer thread at its next turn.
   *
   * @return false if there is none any more
   */
  synchronized boolean execute(Runnable command) {
    return !closed && commands.add(command);
  }

  void send(OutgoingTransfer transfer) {
    outgoing.add(transfer);
  }

  IncomingTransfers incoming() {
    return incoming;
  }

  long backPressure() {
    return backPressure.get();
  }

  private int runCommands() {
    int count = 0;
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
      count++;
    }
    return count;
  }

  private int offerFrames() {
    int frames = 0;
    while (!outgoing.isEmpty() && frames < FRAMES_PER_TURN) {
      OutgoingTransfer transfer = outgoing.element();
      OfferResult result = transfer.offerNext(publication, scratch);
      if (result == OfferResult.BACK_PRESSURED) {
        backPressure.incrementAndGet();
      }
      if (result.isPassing()) {
        return frames;
      }
      frames++;
      if (result != OfferResult.SENT) {
        outgoing.remove();
        transfer
            .done()
            .completeExceptionally(new IllegalStateException("Aeron refused a frame: " + result));
      } else if (transfer.isSent()) {
        outgoing.remove();
        transfer.done().complete(null);
      }
    }
    return frames;
  }
}
