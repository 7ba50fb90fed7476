package io.espalier.training.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.training.transport.TransferId.Direction;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UdpTransportTest {
  private static UdpTransport here;
  private static UdpTransport there;

  @BeforeAll
  static void start() throws IOException {
    here = new UdpTransport(freeAddress("127.0.0.2")).open();
    there = new UdpTransport(freeAddress("127.0.0.3")).open();
  }

  @AfterAll
  static void stop() {
    here.close();
    there.close();
  }

  @Test
  void send_bothWays_arrivesWhole() throws Exception {
    // Given
    LaneKey key = there.newKey();
    ByteBuffer up = random(1, 3_000_000);
    ByteBuffer down = random(2, 100_000);
    try (Lane trainer = there.toCoordinator(key, 4, 1, 2, here.address());
        Lane coordinator = here.toTrainer(key, 4, 1, 2)) {
      // When
      CompletionStage<ByteBuffer> arrivedUp = coordinator.receive(id(Direction.TO_COORDINATOR, 1));
      CompletionStage<Void> sentUp = trainer.send(id(Direction.TO_COORDINATOR, 1), up);
      CompletionStage<Void> sentDown = coordinator.send(id(Direction.TO_TRAINER, 1), down);
      CompletionStage<ByteBuffer> arrivedDown = trainer.receive(id(Direction.TO_TRAINER, 1));

      // Then
      assertThat(get(arrivedUp)).isEqualTo(up);
      assertThat(get(arrivedDown)).isEqualTo(down);
      get(sentUp);
      get(sentDown);
    }
  }

  @Test
  void send_manyLanesBetweenTwoNodes_eachGetsItsOwn() throws Exception {
    // Given
    List<Lane> lanes = new ArrayList<>();
    List<CompletionStage<ByteBuffer>> arrived = new ArrayList<>();

    // When
    for (int trainer = 0; trainer < 8; trainer++) {
      LaneKey key = there.newKey();
      Lane from = there.toCoordinator(key, 4, trainer, 1, here.address());
      Lane to = here.toTrainer(key, 4, trainer, 1);
      TransferId id = new TransferId(4, trainer, 1, Direction.TO_COORDINATOR, 1);
      from.send(id, random(trainer, 200_000)).exceptionally(failure -> null);
      arrived.add(to.receive(id));
      lanes.addAll(List.of(from, to));
    }

    // Then
    for (int trainer = 0; trainer < 8; trainer++) {
      assertThat(get(arrived.get(trainer))).isEqualTo(random(trainer, 200_000));
    }
    lanes.forEach(Lane::close);
  }

  @Test
  void send_numberThatDoesNotRise_isRefusedAsItsNonceWouldRepeat() throws Exception {
    // Given
    LaneKey key = there.newKey();
    try (Lane trainer = there.toCoordinator(key, 4, 1, 2, here.address())) {
      // When
      trainer.send(id(Direction.TO_COORDINATOR, 1), random(1, 10)).exceptionally(failure -> null);
      CompletionStage<Void> again = trainer.send(id(Direction.TO_COORDINATOR, 1), random(2, 10));

      // Then
      assertThatThrownBy(() -> get(again))
          .hasMessageContaining("must be of its incarnation and rise");
    }
  }

  @Test
  void receive_underAnotherKey_getsNothingAndOthersGoOn() throws Exception {
    // Given
    LaneKey key = there.newKey();
    LaneKey forged = new LaneKey(key.address(), key.lane(), there.newKey().secret());
    long dropped = here.dropped();
    try (Lane attacker = there.toCoordinator(forged, 4, 1, 2, here.address());
        Lane coordinator = here.toTrainer(key, 4, 1, 2)) {
      CompletionStage<ByteBuffer> arrived = coordinator.receive(id(Direction.TO_COORDINATOR, 1));

      // When
      get(attacker.send(id(Direction.TO_COORDINATOR, 1), random(1, 20_000)));
      awaitDropped(dropped + 3);

      // Then
      assertThat(arrived.toCompletableFuture()).isNotDone();
    }
    send_bothWays_arrivesWhole();
  }

  /** The same key seals the same transfer into the same bytes: what a recording would send. */
  @Test
  void receive_framesThatCameBefore_areDropped() throws Exception {
    // Given
    LaneKey key = there.newKey();
    TransferId first = id(Direction.TO_COORDINATOR, 1);
    ByteBuffer bytes = random(1, 20_000);
    try (UdpTransport recording = new UdpTransport(freeAddress("127.0.0.4")).open();
        Lane trainer = there.toCoordinator(key, 4, 1, 2, here.address());
        Lane coordinator = here.toTrainer(key, 4, 1, 2);
        Lane replay = recording.toCoordinator(key, 4, 1, 2, here.address())) {
      get(trainer.send(first, bytes));
      assertThat(get(coordinator.receive(first))).isEqualTo(bytes);
      long dropped = here.dropped();

      // When
      get(replay.send(first, bytes));
      awaitDropped(dropped + 3);
      CompletionStage<ByteBuffer> again = coordinator.receive(first);
      get(trainer.send(id(Direction.TO_COORDINATOR, 2), bytes));
      get(coordinator.receive(id(Direction.TO_COORDINATOR, 2)));

      // Then
      assertThat(again.toCompletableFuture()).isNotDone();
    }
  }

  /** Real packets that are no Aeron at all, or Aeron's own headers with rubbish behind them. */
  @Test
  void receive_rubbishOnThePort_goesOn() throws Exception {
    // Given
    Random random = new Random(5);
    String[] parts = here.address().split(":", 2);

    // When
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 2_000; i++) {
        byte[] bytes = new byte[1 + random.nextInt(1_000)];
        random.nextBytes(bytes);
        if (i % 2 == 0 && bytes.length > 32) {
          ByteBuffer.wrap(bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(0, bytes.length)
              .put(4, (byte) 0)
              .putShort(6, (short) (i % 8));
        }
        socket.send(
            new DatagramPacket(
                bytes, bytes.length, InetAddress.getByName(parts[0]), Integer.parseInt(parts[1])));
      }
    }

    // Then
    send_bothWays_arrivesWhole();
  }

  private static void awaitDropped(long count) throws InterruptedException {
    for (int i = 0; i < 24_000 && here.dropped() < count; i++) {
      Thread.sleep(5);
    }
    assertThat(here.dropped()).isGreaterThanOrEqualTo(count);
  }

  private static TransferId id(Direction direction, long number) {
    return new TransferId(4, 1, 2, direction, number);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private static ByteBuffer random(int seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static String freeAddress(String host) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(host))) {
      return host + ":" + socket.getLocalPort();
    }
  }
}
