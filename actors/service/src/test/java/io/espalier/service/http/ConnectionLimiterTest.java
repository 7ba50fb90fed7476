package io.espalier.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionLimiterTest {
  private static final int MOST = 100;

  private final List<String> ended = new ArrayList<>();
  private final ConnectionLimiter limiter = new ConnectionLimiter(MOST, 3);

  @Test
  void connection_beyondTheLimit_endsTheOneThatWaitsLongest() throws Exception {
    ConnectionLimiter.Slot first = open("first", "127.0.0.1");
    open("second", "127.0.0.1");
    open(MOST - 2);
    first.works();
    first.waits(false);

    open("new", "127.0.0.1");

    assertThat(ended).containsExactly("second");
    assertThat(limiter.open()).isEqualTo(MOST);
    assertThat(limiter.ended()).isEqualTo(1);
  }

  @Test
  void connection_withToken_isEndedAfterAllWithout() throws Exception {
    ConnectionLimiter.Slot known = open("known", "127.0.0.1");
    known.works();
    known.waits(true);
    open(MOST - 1);

    open(MOST - 1);
    assertThat(ended).hasSize(MOST - 1).doesNotContain("known");

    known.works();
    known.waits(false);
    open(MOST);
    assertThat(ended).contains("known");
  }

  @Test
  void connection_inTheMiddleOfARequest_isNeverEnded_andSomeRoomRemains() throws Exception {
    for (int i = 0; i < 2 * MOST; i++) {
      open("working", "127.0.0.1").works();
    }

    open(ConnectionLimiter.RESERVE);
    assertThat(ended).isEmpty();

    open(10);
    assertThat(ended).hasSize(10).containsOnly("other");
  }

  @Test
  void address_beyondItsLimit_losesItsOwnConnection_notThatOfOthers() throws Exception {
    open("before", "10.0.0.2");
    open("a1", "10.0.0.1");
    open("a2", "10.0.0.1");
    open("a3", "10.0.0.1");
    open("a4", "10.0.0.1");
    for (String host : List.of("1", "2", "3", "4")) {
      open("v6-" + host, "2001:db8:1:2::" + host);
    }

    assertThat(ended).containsExactly("a1", "v6-1");
  }

  @Test
  void address_withToken_hasNoLimitOfItsOwn() throws Exception {
    for (int i = 0; i < 10; i++) {
      ConnectionLimiter.Slot slot = open("known", "10.0.0.1");
      slot.works();
      slot.waits(true);
    }

    assertThat(ended).isEmpty();
    assertThat(limiter.open()).isEqualTo(10);
  }

  @Test
  void connections_thatClose_leaveNothing() throws Exception {
    List<ConnectionLimiter.Slot> slots = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      slots.add(open("one", "10.0.0.1"));
    }
    slots.get(0).works();
    slots.forEach(ConnectionLimiter.Slot::close);
    slots.forEach(ConnectionLimiter.Slot::close);

    for (int i = 0; i < 3; i++) {
      open("two", "10.0.0.1");
    }

    assertThat(ended).isEmpty();
    assertThat(limiter.open()).isEqualTo(3);
  }

  private void open(int count) {
    IntStream.range(0, count)
        .forEach(i -> limiter.open(InetAddress.getLoopbackAddress(), () -> ended.add("other")));
  }

  private ConnectionLimiter.Slot open(String name, String address) throws Exception {
    return limiter.open(InetAddress.getByName(address), () -> ended.add(name));
  }
}
