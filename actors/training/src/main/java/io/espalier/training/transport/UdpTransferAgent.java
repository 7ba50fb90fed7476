package io.espalier.training.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;

/** The one thread of a node that touches Aeron over UDP: all lanes, one publication per peer. */
final class UdpTransferAgent implements Agent {
  private static final int FRAMES_PER_TURN = 64;

  private final Aeron aeron;
  private final Subscription subscription;
  private final Map<String, ExclusivePublication> peers = new HashMap<>();
  private final Map<LaneEnd, SealedLane> lanes = new HashMap<>();
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final FragmentHandler onFrame = (frame, at, length, header) -> take(frame, at, length);
  private final AtomicLong backPressure = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private boolean closed;

  /** A lane, and which of its directions arrives at this end: both ends may be on one node. */
  record LaneEnd(long lane, TransferId.Direction incoming) {}

  UdpTransferAgent(Aeron aeron, Subscription subscription) {
    this.aeron = aeron;
    this.subscription = subscription;
  }

  @Override
  public int doWork() {
    int work = runCommands() + subscription.poll(onFrame, FRAMES_PER_TURN);
    for (SealedLane lane : lanes.values()) {
      work += offerFrames(lane);
    }
    return work;
  }

  @Override
  public String roleName() {
    return "espalier-node-transfers";
  }

  @Override
  public synchronized void onClose() {
    runCommands();
    closed = true;
    IllegalStateException cause = new IllegalStateException("the transport was closed");
    lanes.values().forEach(lane -> lane.fail(cause));
    lanes.clear();
  }

  /**
   * Runs {@code command} in the transfer thread at its next turn.
   *
   * @return false if there is none any more
   */
  synchronized boolean execute(Runnable command) {
    return !closed && commands.add(command);
  }

  void open(LaneEnd end, LaneKey key, TransferId life, String peer) {
    ExclusivePublication publication =
        peers.computeIfAbsent(
            peer,
            address ->
                aeron.addExclusivePublication(UdpTransport.channel(address), UdpTransport.STREAM));
    lanes.put(end, new SealedLane(key, life, publication));
  }

  void close(LaneEnd end) {
    SealedLane lane = lanes.remove(end);
    if (lane != null) {
      lane.fail(new IllegalStateException("the lane was closed"));
    }
  }

  /** The lane of that end; it is gone once it was closed. */
  SealedLane lane(LaneEnd end) {
    SealedLane lane = lanes.get(end);
    if (lane == null) {
      throw new IllegalStateException("the lane was closed");
    }
    return lane;
  }

  long backPressure() {
    return backPressure.get();
  }

  /** Frames that nobody with a key of this node had sealed, or that came again. */
  long dropped() {
    return dropped.get();
  }

  private void take(DirectBuffer frame, int at, int length) {
    try {
      SealedFrame.Header head = SealedFrame.header(frame, at, length);
      SealedLane lane = lanes.get(new LaneEnd(head.lane(), head.direction()));
      if (lane == null) {
        dropped.incrementAndGet();
      } else {
        lane.onFrame(head, frame, at, length);
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      // Anybody may send to this port: what does not open is nobody's failure.
      dropped.incrementAndGet();
    }
  }

  private int offerFrames(SealedLane lane) {
    int frames = 0;
    while (lane.hasOutgoing() && frames < FRAMES_PER_TURN) {
      OfferResult result = lane.offerNext();
      if (result == OfferResult.BACK_PRESSURED) {
        backPressure.incrementAndGet();
      }
      if (result.isPassing()) {
        return frames;
      }
      frames++;
    }
    return frames;
  }

  private int runCommands() {
    int count = 0;
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
      count++;
    }
    return count;
  }
}
