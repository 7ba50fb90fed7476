package io.espalier.service.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Limits the open connections of a server without refusing new ones: where room is needed, it ends
 * the connection that waits longest for a request, those without a token first. A connection in the
 * middle of a request is never ended. Thread-safe.
 */
final class ConnectionLimiter implements HttpServer.Connections {
  /** Connections that may wait while all others are in the middle of requests. */
  static final int RESERVE = 64;

  private static final int PREFIX_BYTES = 8;

  private final int most;
  private final int mostOfAddress;
  private final Set<Slot> waiting = new LinkedHashSet<>();
  private final Set<Slot> waitingWithToken = new LinkedHashSet<>();
  private final Map<ByteBuffer, Integer> ofAddresses = new HashMap<>();
  private final Set<Slot> open = new LinkedHashSet<>();
  private long ended;

  /** One connection; ended once, by its client or by the limiter. */
  final class Slot {
    private final Optional<ByteBuffer> address;
    private final Runnable end;
    private boolean hasToken;

    private Slot(Optional<ByteBuffer> address, Runnable end) {
      this.address = address;
      this.end = end;
    }

    /** A request has begun. */
    void works() {
      synchronized (ConnectionLimiter.this) {
        waiting.remove(this);
        waitingWithToken.remove(this);
      }
    }

    /** An answer is sent; {@code authenticated} if its request had a valid token. */
    void waits(boolean authenticated) {
      List<Slot> over;
      synchronized (ConnectionLimiter.this) {
        if (!open.contains(this)) {
          return;
        }
        works();
        if (authenticated != hasToken) {
          hasToken = authenticated;
          count(this, authenticated ? -1 : 1);
        }
        (authenticated ? waitingWithToken : waiting).add(this);
        over = over(this);
      }
      over.forEach(each -> each.end.run());
    }

    void close() {
      synchronized (ConnectionLimiter.this) {
        remove(this);
      }
    }
  }

  /**
   * @param mostOfAddress without a token, of one address beyond this machine, or of one IPv6
   *     network of 64 bits
   */
  ConnectionLimiter(int most, int mostOfAddress) {
    this.most = most;
    this.mostOfAddress = mostOfAddress;
  }

  /** Takes a new connection, which waits for its first request; {@code end} may run at once. */
  Slot open(InetAddress address, Runnable end) {
    var slot = new Slot(counted(address), end);
    List<Slot> over;
    synchronized (this) {
      open.add(slot);
      count(slot, 1);
      waiting.add(slot);
      over = over(slot);
    }
    over.forEach(each -> each.end.run());
    return slot;
  }

  @Override
  public synchronized int open() {
    return open.size();
  }

  /** Ends all connections, those in the middle of requests after their answers. */
  void endAll() {
    List<Slot> all;
    synchronized (this) {
      all = List.copyOf(open);
    }
    all.forEach(each -> each.end.run());
  }

  @Override
  public synchronized long ended() {
    return ended;
  }

  private List<Slot> over(Slot newest) {
    List<Slot> over = new ArrayList<>();
    boolean isCrowded =
        newest.address.map(each -> ofAddresses.getOrDefault(each, 0)).orElse(0) > mostOfAddress;
    if (isCrowded && !newest.hasToken) {
      waiting.stream()
          .filter(each -> each.address.equals(newest.address))
          .findFirst()
          .ifPresent(over::add);
      over.forEach(this::remove);
    }
    int waits = waiting.size() + waitingWithToken.size();
    if (open.size() > most && waits > RESERVE) {
      Stream.concat(waiting.stream(), waitingWithToken.stream()).findFirst().ifPresent(over::add);
      over.forEach(this::remove);
    }
    ended += over.size();
    return over;
  }

  private void remove(Slot slot) {
    if (open.remove(slot)) {
      slot.works();
      if (!slot.hasToken) {
        count(slot, -1);
      }
    }
  }

  private void count(Slot slot, int more) {
    slot.address.ifPresent(
        each -> ofAddresses.merge(each, more, (a, b) -> a + b == 0 ? null : a + b));
  }

  /** All connections of this machine have one address. */
  private static Optional<ByteBuffer> counted(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return Optional.empty();
    }
    byte[] bytes = address.getAddress();
    return Optional.of(
        ByteBuffer.wrap(bytes, 0, address instanceof Inet6Address ? PREFIX_BYTES : bytes.length));
  }
}
