package io.espalier.training.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transfers of a node over UDP: all lanes, one publication per peer. */
final class UdpTransferAgent extends AeronAgent {
  private static final Logger LOG = LoggerFactory.getLogger(UdpTransferAgent.class);

  private final Aeron aeron;
  private final Subscription subscription;
  private final Map<String, ExclusivePublication> peers = new HashMap<>();
  private final Map<LaneEnd, SealedLane> lanes = new HashMap<>();
  private final FragmentHandler onFrame = (frame, at, length, header) -> take(frame, at, length);
  private final AtomicLong dropped = new AtomicLong();

  /** A lane, and the direction that arrives at this end: both ends may be on one node. */
  record LaneEnd(long lane, TransferId.Direction incoming) {}

  UdpTransferAgent(Aeron aeron, Subscription subscription) {
    this.aeron = aeron;
    this.subscription = subscription;
  }

  @Override
  public String roleName() {
    return "espalier-node-transfers";
  }

  @Override
  int transferFrames() {
    int frames = subscription.poll(onFrame, FRAMES_PER_TURN);
    for (SealedLane lane : lanes.values()) {
      frames += offerFrames(lane);
    }
    return frames;
  }

  @Override
  void onError(Throwable error) {
    LOG.warn("a turn of the transfers failed", error);
  }

  @Override
  void close(Throwable cause) {
    lanes.values().forEach(lane -> lane.fail(cause));
    lanes.clear();
  }

  void open(LaneEnd end, LaneKey key, TransferId incarnation, String peer) {
    ExclusivePublication publication =
        peers.computeIfAbsent(
            peer,
            address ->
                aeron.addExclusivePublication(UdpTransport.channel(address), UdpTransport.STREAM));
    lanes.put(end, new SealedLane(key, incarnation, publication));
  }

  void close(LaneEnd end) {
    SealedLane lane = lanes.remove(end);
    if (lane != null) {
      lane.fail(new IllegalStateException("the lane was closed"));
    }
  }

  /** The open lane of an end; throws if it was closed. */
  SealedLane lane(LaneEnd end) {
    SealedLane lane = lanes.get(end);
    if (lane == null) {
      throw new IllegalStateException("the lane was closed");
    }
    return lane;
  }

  /** Frames that were not sealed under a key of this node, or arrived again. */
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
      // Anybody may send to this port: a frame that does not open fails no transfer.
      dropped.incrementAndGet();
    }
  }

  private int offerFrames(SealedLane lane) {
    int frames = 0;
    while (lane.hasOutgoing() && frames < FRAMES_PER_TURN) {
      if (isRefusedForNow(lane.offerNext())) {
        return frames;
      }
      frames++;
    }
    return frames;
  }
}
